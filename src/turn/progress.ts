import type { ThreadItem } from "../protocol/items.ts";
import type { RunOutcome } from "./outcome.ts";

/** How far a turn has come. */
export interface TurnProgress {
  /** What is happening to it; `left` is a turn whose consumer has left before its end. */
  readonly status: "not started" | "running" | "left";
  /** The thread's id, once it is known. */
  readonly threadId: string | null;
  /** The items that were completed. */
  readonly items: readonly ThreadItem[];
}

/** Gives what a console shows of a turn: its outcome, or how far it has come. */
export function describeTurn(
  outcome: RunOutcome<unknown> | undefined,
  progress: TurnProgress,
): object {
  if (outcome === undefined) return progress;
  return outcome.ok
    ? { status: "completed", result: outcome.turn }
    : { status: "failed", error: outcome.error };
}
