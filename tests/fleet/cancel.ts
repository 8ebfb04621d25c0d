/**
 * Cancels jobs from another process, while they run and before.
 *
 * @module
 */

import { until, wait, within } from "../../src/testing/waiting.ts";
import { Fleet } from "./fleet.ts";
import { readJobLines } from "./job_lines.ts";
import { makePrompt } from "./model.ts";
import type { FleetRuntime } from "./project.ts";
import { listProblems, type Outcome, type RowContext } from "./row.ts";

/**
 * Milliseconds from the start of the cancelling program to the end of the CLI, at most.
 */
const MAX_MS = 2_000;

/**
 * The same limit on a busy machine, as a multiple of that program's time when it has
 * nothing to cancel.
 */
const MAX_RATIO = 5;

/** Milliseconds that the interrupted command would take. */
const COMMAND_MS = 90_000;

/** Milliseconds that anything may take; only guards against hanging. */
const LIMIT_MS = 60_000;

/** Cancels a running job on each runtime, then one that no worker has started. */
export async function runCancel(
  { options, runtimes }: RowContext,
): Promise<Outcome> {
  await using fleet = await Fleet.start({ ...options, concurrency: 1 });
  const times: Record<string, string> = {};
  const problems: string[] = [];
  for (const runtime of runtimes) {
    const { ms, idleMs } = await cancelRunning(fleet, runtime, problems);
    times[`${runtime.name}, ms`] = `${ms.toFixed(0)}, and ${
      idleMs.toFixed(0)
    } for no job`;
  }
  await cancelWaiting(fleet, runtimes, problems);
  return {
    figures: { ...times, "CLIs left": fleet.running().length },
    problems,
  };
}

/**
 * Cancels a job during its command.
 *
 * @returns The milliseconds until no process of the agent was left.
 */
async function cancelRunning(
  fleet: Fleet,
  runtime: FleetRuntime,
  problems: string[],
): Promise<{ ms: number; idleMs: number }> {
  const worker = await fleet.startWorker(runtime);
  const submission = fleet.submit(runtime, [makePrompt(1, COMMAND_MS)]);
  await submission.line(
    "the command has begun",
    (line) => line.includes("command_execution"),
    LIMIT_MS,
  );
  const requests = fleet.model.requests.length;
  const [id = ""] = submission.lines[0]?.split(" ") ?? [];
  const before = performance.now();
  await fleet.run(runtime, "cancel.ts", ["none"]).ended;
  const start = performance.now();
  const idleMs = start - before;
  const cancel = fleet.run(runtime, "cancel.ts", [id]);
  await until("nothing of the agent runs", async () => {
    // Listing processes also takes the machine's time.
    await wait(20);
    return fleet.running().length === 0 || undefined;
  });
  const ms = performance.now() - start;
  await within(LIMIT_MS, "the end of the job", submission.ended);
  const { exitCodes, left } = await fleet.drain();
  const ends = readJobLines(submission.lines)
    .filter(({ what }) => /failed|completed/.test(what));
  problems.push(...listProblems({
    [`${runtime.name}: end`]: [
      ends.map(({ what, value }) => [what, value]),
      [["failed", "cancelled"]],
    ],
    [`${runtime.name}: in time`]: [
      ms < Math.max(MAX_MS, MAX_RATIO * idleMs) || ms,
      true,
    ],
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
  return { ms, idleMs };
}

/** Cancels a waiting job: the worker that takes it sends the model nothing. */
async function cancelWaiting(
  fleet: Fleet,
  [runtime]: readonly FleetRuntime[],
  problems: string[],
): Promise<void> {
  if (runtime === undefined) return;
  const requests = fleet.model.requests.length;
  const submission = fleet.submit(runtime, [makePrompt(2)]);
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
  problems.push(...listProblems({
    "waiting: end": [
      ends.map(({ what, value }) => [what, value]),
      [["failed", "cancelled"]],
    ],
    "waiting: requests": [fleet.model.requests.length, requests],
    "waiting: left": [left, []],
  }));
}
