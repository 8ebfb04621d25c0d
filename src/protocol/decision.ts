import type { ThreadEvent } from "./events.ts";

/** The ending of a turn, as the CLI reports it. */
export type Decision = "completed" | "failed";

/**
 * Returns the ending that an event decides; `undefined` if it decides none. An event with a
 * wrong field, which is delivered as `unknown`, decides, too.
 */
export function readDecision(event: ThreadEvent): Decision | undefined {
  const type = event.type === "unknown" ? event.event_type : event.type;
  if (type === "turn.completed") return "completed";
  return type === "turn.failed" ? "failed" : undefined;
}
