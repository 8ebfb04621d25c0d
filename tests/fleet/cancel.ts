/**
 * Jobs that are cancelled from another process, while they run and before.
 *
 * @module
 */

import { until, within } from "../../src/testing/waiting.ts";
import { Fleet } from "./fleet.ts";
import { readJobLines } from "./job_lines.ts";
import { promptOf } from "./model.ts";
import type { FleetRuntime } from "./project.ts";
import { type Outcome, problemsOf, type RowContext } from "./row.ts";

/** The longest time from the publication to the end of the CLI, in ms. */
const MAX_MS = 2_000;

/** How long the command takes that is cut off, in ms. */
const COMMAND_MS = 90_000;

/** How long anything may take, in ms: a bound against hanging. */
const LIMIT_MS = 60_000;

/** Cancels a running job on each runtime, then one that no worker has yet. */
export async function runCancel(
  { options, runtimes }: RowContext,
): Promise<Outcome> {
  await using fleet = await Fleet.start({ ...options, concurrency: 1 });
  const times: Record<string, string> = {};
  const problems: string[] = [];
  for (const runtime of runtimes) {
    const ms = await cancelRunning(fleet, runtime, problems);
    times[`${runtime.name}, ms`] = ms.toFixed(0);
  }
  await cancelWaiting(fleet, runtimes, problems);
  return {
    figures: { ...times, "CLIs left": fleet.running().length },
    problems,
  };
}

/** Cancels a job inside of its command. @returns How long it took until nothing of the agent ran, in ms. */
async function cancelRunning(
  fleet: Fleet,
  runtime: FleetRuntime,
  problems: string[],
): Promise<number> {
  const worker = await fleet.startWorker(runtime);
  const submission = fleet.submit(runtime, [promptOf(1, COMMAND_MS)]);
  await submission.line(
    "the command has begun",
    (line) => line.includes("command_execution"),
    LIMIT_MS,
  );
  const requests = fleet.model.requests.length;
  const [id = ""] = submission.lines[0]?.split(" ") ?? [];
  const start = performance.now();
  const cancel = fleet.run(runtime, "cancel.ts", [id]);
  await until(
    "nothing of the agent runs",
    () => fleet.running().length === 0 || undefined,
  );
  const ms = performance.now() - start;
  await within(LIMIT_MS, "the end of the job", submission.ended);
  const { exitCodes, left } = await fleet.drain();
  const ends = readJobLines(submission.lines)
    .filter(({ what }) => /failed|completed/.test(what));
  problems.push(...problemsOf({
    [`${runtime.name}: end`]: [
      ends.map(({ what, value }) => [what, value]),
      [["failed", "cancelled"]],
    ],
    [`${runtime.name}: in time`]: [ms < MAX_MS || ms, true],
    [`${runtime.name}: further requests`]: [
      fleet.model.requests.length,
      requests,
    ],
    [`${runtime.name}: left`]: [left, []],
    [`${runtime.name}: exit codes`]: [
      [await cancel.ended, ...exitCodes],
      [0, 0],
    ],
  }));
  if (problems.length > 0) problems.push(...worker.program.errors);
  return ms;
}

/** Cancels a job that waits: the worker that takes it asks the model nothing. */
async function cancelWaiting(
  fleet: Fleet,
  [runtime]: readonly FleetRuntime[],
  problems: string[],
): Promise<void> {
  if (runtime === undefined) return;
  const requests = fleet.model.requests.length;
  const submission = fleet.submit(runtime, [promptOf(2)]);
  const added = await submission.line(
    "the job is added",
    (line) => line.includes(" added "),
    LIMIT_MS,
  );
  const [id = ""] = added.split(" ");
  await within(
    LIMIT_MS,
    "the cancellation",
    fleet.run(runtime, "cancel.ts", [id]).ended,
  );
  await fleet.startWorker(runtime);
  await within(LIMIT_MS, "the end of the job", submission.ended);
  const { left } = await fleet.drain();
  const ends = readJobLines(submission.lines)
    .filter(({ what }) => /failed|completed/.test(what));
  problems.push(...problemsOf({
    "waiting: end": [
      ends.map(({ what, value }) => [what, value]),
      [["failed", "cancelled"]],
    ],
    "waiting: requests": [fleet.model.requests.length, requests],
    "waiting: left": [left, []],
  }));
}
