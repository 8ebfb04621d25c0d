/**
 * Measures the cost of the queue: runs the same tasks on workers, and with `p-map` in
 * one process.
 *
 * @module
 */

import { interleave } from "../../bench/support/interleave.ts";
import { median, pairedRatio } from "../../bench/support/statistics.ts";
import { within } from "../../src/testing/waiting.ts";
import { Fleet } from "./fleet.ts";
import { makePrompt } from "./model.ts";
import type { Program } from "./program.ts";
import { listProblems, type Outcome, type RowContext } from "./row.ts";

/** The number of turns that run at the same time. */
const AT_ONCE = 4;

/** The number of turns in a round. */
const TURNS = 30;

/** The number of measurements of each. */
const ROUNDS = 3;

/** Milliseconds that a round may take; only guards against hanging. */
const LIMIT_MS = 10 * 60_000;

/** Measures both alternately, on the first runtime. */
export async function runThroughput(
  { options, runtimes: [runtime] }: RowContext,
): Promise<Outcome> {
  if (runtime === undefined) throw new Error("There is no runtime");
  await using fleet = await Fleet.start({
    ...options,
    concurrency: AT_ONCE / 2,
  });
  await Promise.all([fleet.startWorker(runtime), fleet.startWorker(runtime)]);
  const prompts = Array.from({ length: TURNS }, (_, task) => makePrompt(task));
  const exitCodes: number[] = [];
  const measure = async (start: () => Promise<Program>): Promise<number> => {
    const began = performance.now();
    const program = await start();
    exitCodes.push(await within(LIMIT_MS, "all tasks", program.ended));
    return TURNS / ((performance.now() - began) / 1000);
  };
  const rates = await interleave(
    ["queue", "pool"],
    ROUNDS,
    (contender) =>
      measure(() =>
        contender === "pool"
          ? fleet.pool(runtime, prompts, AT_ONCE)
          : Promise.resolve(fleet.submit(runtime, prompts))
      ),
  );
  const { left } = await fleet.drain();
  return {
    figures: {
      "turns a round": TURNS,
      "at once": AT_ONCE,
      "queue, turns/s": format(rates.queue),
      "p-map, turns/s": format(rates.pool),
      "queue to p-map": pairedRatio(rates.queue, rates.pool).toFixed(2),
    },
    problems: listProblems({
      "exit codes": [exitCodes, exitCodes.map(() => 0)],
      "left running": [left, []],
    }),
  };
}

function format(rates: readonly number[]): string {
  return `${median(rates).toFixed(2)} (${
    rates.map((rate) => rate.toFixed(2)).join(", ")
  })`;
}
