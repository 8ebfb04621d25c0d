import type { ThreadItem } from "../protocol/items.ts";
import type { RunOutcome } from "./outcome.ts";

/** The progress of a turn. */
export interface TurnProgress {
  /** The phase of the turn; `left` if its consumer left before the end. */
  readonly status: "not started" | "running" | "abandoned";
  /** The thread's id; `null` until it is known. */
  readonly threadId: string | null;
  /** The items completed so far. */
  readonly items: readonly ThreadItem[];
}

/** Returns the object that a console shows for a turn: its outcome, or its progress. */
export function describeTurn(
  outcome: RunOutcome<unknown> | undefined,
  progress: TurnProgress,
): object {
  if (outcome === undefined) return progress;
  return outcome.ok
    ? { status: "completed", result: outcome.turn }
    : { status: "failed", error: outcome.error };
}
