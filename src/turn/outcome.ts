import type { Turn } from "./turn.ts";
import { CodexThreadStreamNotConsumedError } from "../errors/turn_errors.ts";

/** What a turn that was run has come to. */
export type RunOutcome<T> =
  | { readonly turn: Turn<T> }
  | { readonly error: unknown };

/**
 * The turn that a run has come to: the same one each time.
 *
 * @throws {CodexThreadStreamNotConsumedError} Before its end, and after an early one.
 * @throws {CodexError} Its error, the same one each time, if it ended badly.
 */
export function turnOf<T>(outcome: RunOutcome<T> | undefined): Turn<T> {
  if (outcome === undefined) throw new CodexThreadStreamNotConsumedError();
  if ("error" in outcome) throw outcome.error;
  return outcome.turn;
}
