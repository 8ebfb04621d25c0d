import type { ThreadEvent } from "./events.ts";

/** What the CLI says of how a turn ended. */
export type Decision = "completed" | "failed";

/**
 * Gives what an event decides of its turn; nothing for one that decides nothing. Also an
 * event that is not what it should be decides: it is delivered as `unknown`.
 */
export function decisionOf(event: ThreadEvent): Decision | undefined {
  const type = event.type === "unknown" ? event.event_type : event.type;
  if (type === "turn.completed") return "completed";
  return type === "turn.failed" ? "failed" : undefined;
}
