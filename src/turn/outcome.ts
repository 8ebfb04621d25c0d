import { CodexThreadStreamNotConsumedError } from "../errors/turn_errors.ts";
import type { Turn } from "./turn.ts";

/** The outcome of a turn that was run: the turn, or the error that the caller sees. */
export type RunOutcome<T> =
  | { readonly ok: true; readonly turn: Turn<T> }
  | { readonly ok: false; readonly error: unknown };

/**
 * Returns the turn of an outcome, the same object each time.
 *
 * @throws {CodexThreadStreamNotConsumedError} Before the turn's end, and if it was
 * abandoned.
 * @throws {CodexError} The turn's error, the same object each time, if the turn failed.
 */
export function turnOrThrow<T>(outcome: RunOutcome<T> | undefined): Turn<T> {
  if (outcome === undefined) throw new CodexThreadStreamNotConsumedError();
  if (!outcome.ok) throw outcome.error;
  return outcome.turn;
}
