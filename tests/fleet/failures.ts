/**
 * Runs turns that fail, temporarily or permanently.
 *
 * @module
 */

import {
  modelAnswer,
  modelHttpError,
  modelMessage,
  type ModelReplyFunction,
} from "../../testing.ts";
import { within } from "../../src/testing/waiting.ts";
import { Fleet } from "./fleet.ts";
import { readJobLines } from "./job_lines.ts";
import { makePrompt, RESUMED } from "./model.ts";
import { listProblems, type Outcome, type RowContext } from "./row.ts";

/**
 * Milliseconds that all tasks may take; only guards against hanging. A 429 alone takes
 * 30 s.
 */
const LIMIT_MS = 3 * 60_000;

/** The service's first answer to each task. */
const FAILURES = [
  modelHttpError(429, { error: { message: "Slow down" } }),
  modelHttpError(503, { error: { message: "Come back" } }),
  modelHttpError(401, { error: { message: "Who are you?" } }),
] as const;

/**
 * Runs a task for each failure: the first two continue their threads, the third one
 * fails.
 */
export async function runFailures(
  { options, runtimes: [runtime] }: RowContext,
): Promise<Outcome> {
  if (runtime === undefined) throw new Error("There is no runtime");
  const asked: Record<string, number> = {};
  const reply: ModelReplyFunction = ({ prompt }) => {
    const task = /task (\d+)/.exec(prompt)?.[1] ?? "";
    asked[task] = (asked[task] ?? 0) + 1;
    const failure = FAILURES[Number(task)];
    return failure !== undefined && asked[task] === 1 ? failure : modelAnswer(
      modelMessage(JSON.stringify({ summary: `Did task ${task}` })),
    );
  };
  await using fleet = await Fleet.start({ ...options, concurrency: 3, reply });
  await fleet.startWorker(runtime);
  const began = performance.now();
  const submission = fleet.submit(
    runtime,
    FAILURES.map((_, n) => makePrompt(n)),
  );
  await within(LIMIT_MS, "all tasks", submission.ended);
  const seconds = (performance.now() - began) / 1000;
  const { left } = await fleet.drain();
  const lines = readJobLines(submission.lines);
  const ids = lines.filter(({ what }) => what === "added").map(({ id }) => id);
  const ends = ids.map((id) =>
    lines.filter((line) => line.id === id && /completed|failed/.test(line.what))
      .map(({ what, value }) => what === "completed" ? value : what)
  );
  return {
    figures: { "until all are over, s": seconds.toFixed(1) },
    problems: listProblems({
      ends: [ends, [
        [{ summary: "Did task 0" }],
        [{ summary: "Did task 1" }],
        ["failed"],
      ]],
      "requests of each task": [asked, { 0: 2, 1: 2, 2: 1 }],
      "threads that went on": [
        fleet.model.prompts.filter((prompt) => prompt.startsWith(RESUMED))
          .length,
        2,
      ],
      "left running": [left, []],
    }),
  };
}
