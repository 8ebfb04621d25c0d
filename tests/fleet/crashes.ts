/**
 * Kills workers at random while tasks run.
 *
 * @module
 */

import { randomNumbers } from "../../src/testing/random_numbers.ts";
import { within } from "../../src/testing/waiting.ts";
import { Fleet, type FleetWorker } from "./fleet.ts";
import { countByJob, countEach, readJobLines } from "./job_lines.ts";
import { makePrompt, RESUMED } from "./model.ts";
import { listProblems, type Outcome, type RowContext } from "./row.ts";

/** The minimum and maximum time between two kills, in ms. */
const KILL_AFTER_MS = [2_500, 5_500] as const;

/** Milliseconds that the command of a task takes. */
const COMMAND_MS = 300;

/** Milliseconds that a task may take on a busy machine; only guards against hanging. */
const TASK_MS = 30_000;

/**
 * The number of jobs taken over from dead workers above which at least one must have
 * had a history.
 */
const MANY_STALLS = 20;

/** Runs tasks on three workers, one of which is killed every few seconds. */
export async function runCrashes(
  { options, runtimes, turns, seed }: RowContext,
): Promise<Outcome> {
  await using fleet = await Fleet.start({ ...options, concurrency: 3 });
  const [first] = runtimes;
  if (first === undefined) throw new Error("There is no runtime");
  await Promise.all(runtimes.map((runtime) => fleet.startWorker(runtime)));
  const start = performance.now();
  const prompts = Array.from(
    { length: turns },
    (_, task) => makePrompt(task, COMMAND_MS),
  );
  const submission = fleet.submit(first, prompts);
  const stopped = new AbortController();
  const killing = killWorkers(fleet, seed, stopped.signal);
  try {
    await within(
      60_000 + turns * TASK_MS,
      "all tasks are done",
      submission.ended,
    );
  } finally {
    stopped.abort();
  }
  const kills = await killing;
  const seconds = (performance.now() - start) / 1000;
  const { left, exitCodes } = await fleet.drain();
  const lines = readJobLines(submission.lines);
  const completed = countByJob(lines, "completed");
  const failed = countByJob(lines, "failed");
  const commands = await fleet.commands();
  const answers = countAnswers(fleet);
  const stalls = lines.filter(({ what }) => what === "stalled").length;
  return {
    figures: {
      turns,
      seconds: seconds.toFixed(0),
      kills: kills.length,
      stalls,
      completed: completed.size,
      lost: turns - completed.size,
      "completed twice": countRepeated(fleet.completions()),
      "events lost": turns - fleet.completions().size,
      "resumed threads": countResumed(fleet),
      "commands run twice": countRepeated(commands),
      "commands never run": turns - commands.size,
      "answered twice": countRepeated(answers),
      "progress events": lines.filter(({ what }) => what === "progress").length,
      "CLIs left": left.length,
    },
    problems: listProblems({
      completed: [completed.size, turns],
      failed: [[...failed.keys()], []],
      "completed twice": [countRepeated(fleet.completions()), 0],
      "wrong answers": [wrongAnswers(lines, prompts.length), 0],
      "left running": [left, []],
      "exit codes of drained workers": [
        exitCodes,
        exitCodes.map(() => 0),
      ],
      "threads were resumed": [
        stalls < MANY_STALLS || countResumed(fleet) > 0,
        true,
      ],
      "there was a kill": [kills.length > 0, true],
    }),
  };
}

/**
 * Kills workers and starts replacements until it is stopped.
 *
 * @returns The runtimes of the killed workers.
 */
async function killWorkers(
  fleet: Fleet,
  seed: number,
  signal: AbortSignal,
): Promise<string[]> {
  const random = randomNumbers(seed);
  const [least, greatest] = KILL_AFTER_MS;
  const killed: string[] = [];
  for (;;) {
    await waitUnless(signal, least + random(greatest - least));
    if (signal.aborted) return killed;
    const workers = [...fleet.workers];
    const worker: FleetWorker | undefined = workers[random(workers.length)];
    if (worker === undefined) continue;
    await fleet.killWorker(worker);
    killed.push(worker.runtime.name);
    await fleet.startWorker(worker.runtime);
  }
}

/** Waits for a time, or until a signal aborts. */
async function waitUnless(signal: AbortSignal, ms: number): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}

/** Counts how often the model has fully answered each task. */
function countAnswers(fleet: Fleet): Map<string, number> {
  const answers = fleet.model.requests.filter(({ toolOutputs, outcome }) =>
    toolOutputs.length > 0 && outcome === "answered"
  );
  return countEach(
    answers.map(({ prompt }) => /task \d+/.exec(prompt)?.[0] ?? ""),
  );
}

/** Counts the tasks that continued a thread. */
function countResumed(fleet: Fleet): number {
  const resumed = fleet.model.prompts.filter((prompt) =>
    prompt.startsWith(RESUMED)
  );
  return new Set(resumed).size;
}

function countRepeated(counts: Map<unknown, number>): number {
  return [...counts.values()].filter((count) => count > 1).length;
}

/**
 * Counts the tasks without the right answer; jobs were added in the order of the tasks.
 */
function wrongAnswers(
  lines: ReturnType<typeof readJobLines>,
  turns: number,
): number {
  const ids = lines.filter(({ what }) => what === "added").map(({ id }) => id);
  const right = lines.filter(({ id, what, value }) =>
    what === "completed" &&
    JSON.stringify(value) ===
      JSON.stringify({ summary: `Did task ${ids.indexOf(id)}` })
  );
  return turns - new Set(right.map(({ id }) => id)).size;
}
