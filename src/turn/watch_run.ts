import type { CodexError } from "../errors/codex_error.ts";
import { CodexTurnError, withTurnFacts } from "../errors/turn_errors.ts";
import { recordIn } from "../errors/turn_facts.ts";
import type { EndedTurn } from "../options/listeners.ts";
import { type StreamedEvent, withoutDeltas } from "../protocol/deltas.ts";
import type { TurnWatch } from "../transport/transport.ts";
import type { RunOutcome } from "./outcome.ts";

/**
 * Reports a turn's events and its end to its watcher; passes the events on unchanged.
 *
 * @param abandoned Creates the error of a turn whose consumer has left.
 */
export async function* watchRun<T, E extends StreamedEvent>(
  batches: AsyncGenerator<readonly E[], RunOutcome<T>, void>,
  watch: TurnWatch,
  abandoned: () => CodexError,
): AsyncGenerator<readonly E[], RunOutcome<T>, void> {
  let outcome: RunOutcome<T> | undefined;
  try {
    for (;;) {
      const next = await batches.next();
      if (next.done) {
        outcome = next.value;
        return withWarnings(outcome, await watch.ended(describeEnd(outcome)));
      }
      watch.events(withoutDeltas(next.value));
      yield next.value;
    }
  } catch (error) {
    outcome = { ok: false, error };
    return withWarnings(outcome, await watch.ended(describeEnd(outcome)));
  } finally {
    if (outcome === undefined) {
      try {
        await batches.return({ ok: false, error: abandoned() });
      } finally {
        await watch.ended(describeEnd({ ok: false, error: abandoned() }));
      }
    }
  }
}

/** Describes the end of a turn. */
function describeEnd(outcome: RunOutcome<unknown>): EndedTurn {
  if (outcome.ok) {
    const { threadId, turnUsage, finalResponse, durationMs } = outcome.turn;
    return { threadId, turnUsage, finalResponse, durationMs, error: null };
  }
  const { error } = outcome;
  return {
    threadId: error instanceof CodexTurnError ? error.threadId : null,
    turnUsage: null,
    finalResponse: "",
    durationMs: null,
    error,
  };
}

/** Adds warnings to the outcome of a turn that the caller has not seen yet. */
function withWarnings<T>(
  outcome: RunOutcome<T>,
  warnings: readonly string[],
): RunOutcome<T> {
  if (warnings.length === 0) return outcome;
  if (outcome.ok) {
    const all = [...outcome.turn.warnings, ...warnings];
    Object.assign(outcome.turn, { warnings: all });
    return outcome;
  }
  const { error } = outcome;
  if (!(error instanceof CodexTurnError)) return outcome;
  const { exitCode, signal, stderr, argv } = error;
  const facts = {
    ...{ exitCode, signal, stderr, argv },
    ...recordIn(error),
    warnings: [...error.warnings, ...warnings],
  };
  return { ok: false, error: withTurnFacts(error, facts) };
}
