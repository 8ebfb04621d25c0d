import type { ThreadEvent } from "./events.ts";

/** The ending of a turn, as the CLI says it. */
export type Decision = "completed" | "failed";

/**
 * Gives what an event decides about its turn; `undefined` if nothing. An event with a
 * wrong field, which is delivered as `unknown`, decides too.
 */
export function readDecision(event: ThreadEvent): Decision | undefined {
  const type = event.type === "unknown" ? event.event_type : event.type;
  if (type === "turn.completed") return "completed";
  return type === "turn.failed" ? "failed" : undefined;
}
