import type { TurnEnding } from "../transport/ending.ts";
import type { TurnBatch, TurnRequest } from "../transport/transport.ts";
import { sleep } from "../util/sleep.ts";

/** A turn that is being run; see `Transport.runTurn`. */
type TurnRun = AsyncGenerator<TurnBatch, TurnEnding, void>;

/** Runs a turn once. */
type RunOnce = (isAgain: boolean) => TurnRun;

/** The most runs of the CLI for one turn. */
const MAX_RUNS = 5;

/** The wait before the second run, in ms; it grows by as much before each further one. */
const WAIT_MS = 50;

/** The CLI's message about a thread whose index lags behind its file (facts F72). */
const IS_BEHIND = /^Error: thread\/fork.* is behind durable rollout/m;

/**
 * Runs a turn, and runs it again if the CLI could not copy the thread because it had not
 * yet indexed all that it wrote of it. No request was sent to the model then.
 *
 * @param run Runs the turn once; `isAgain` is true for every run after the first.
 */
export function copyAgain(
  { origin, signal }: Pick<TurnRequest, "origin" | "signal">,
  run: RunOnce,
): TurnRun {
  return origin.type === "fork" ? runAgain(run, signal) : run(false);
}

async function* runAgain(run: RunOnce, signal: AbortSignal): TurnRun {
  for (let count = 1;; count += 1) {
    const ending = yield* run(count > 1);
    if (count === MAX_RUNS || !isBehind(ending)) return ending;
    await sleep(WAIT_MS * count, signal);
  }
}

function isBehind(ending: TurnEnding): boolean {
  return ending.type === "exited" && ending.process !== null &&
    ending.process.exitCode !== 0 && IS_BEHIND.test(ending.process.stderr);
}
