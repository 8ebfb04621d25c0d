import { CodexThreadStreamNotConsumedError } from "../errors/turn_errors.ts";
import type { Turn } from "./turn.ts";

/** The outcome of a turn that was run: the turn, or the error that its user sees. */
export type RunOutcome<T> =
  | { readonly ok: true; readonly turn: Turn<T> }
  | { readonly ok: false; readonly error: unknown };

/**
 * Gives the turn that a run has come to: the same one each time.
 *
 * @throws {CodexThreadStreamNotConsumedError} Before its end, and after an early one.
 * @throws {CodexError} Its error, the same one each time, if it ended badly.
 */
export function turnOrThrow<T>(outcome: RunOutcome<T> | undefined): Turn<T> {
  if (outcome === undefined) throw new CodexThreadStreamNotConsumedError();
  if (!outcome.ok) throw outcome.error;
  return outcome.turn;
}
