/**
 * Suspends a worker, like a machine that swaps or a virtual machine that is moved, and
 * resumes it when another worker has its job.
 *
 * @module
 */

import { listFiles } from "../../scripts/project.ts";
import { wait, within } from "../../src/testing/waiting.ts";
import { Fleet, type FleetWorker } from "./fleet.ts";
import { readJobLines } from "./job_lines.ts";
import { makePrompt, RESUMED } from "./model.ts";
import { listProblems, type Outcome, type RowContext } from "./row.ts";

/** Milliseconds for which a job stays locked. */
const LOCK_MS = 4_000;

/**
 * Milliseconds that the command takes; the suspended worker's CLI still runs it when
 * the other worker starts.
 */
const COMMAND_MS = 9_000;

/** Milliseconds for which a worker is suspended if its CLI is to answer meanwhile. */
const LONG_MS = 12_000;

/**
 * Milliseconds for which a worker is suspended if its CLI is to be still running its
 * command.
 */
const SHORT_MS = 7_000;

/** Milliseconds that all may take; only guards against hanging. */
const LIMIT_MS = 120_000;

/**
 * Suspends a worker until its CLI has answered, so that it finds a complete turn when
 * it resumes.
 */
export async function runFrozen(context: RowContext): Promise<Outcome> {
  return await freeze(context, LONG_MS);
}

/** Suspends a worker until it has lost its job; when it resumes, it ends its CLI. */
export async function runWoken(context: RowContext): Promise<Outcome> {
  return await freeze(context, SHORT_MS);
}

/**
 * Suspends a worker during a command, and resumes it when another worker has its job.
 */
async function freeze(
  { options, runtimes }: RowContext,
  frozenMs: number,
): Promise<Outcome> {
  await using fleet = await Fleet.start({
    ...options,
    concurrency: 1,
    lockMs: LOCK_MS,
  });
  const [first, second] = runtimes;
  if (first === undefined || second === undefined) {
    throw new Error("There are not enough runtimes");
  }
  const frozen = await fleet.startWorker(first);
  const submission = fleet.submit(first, [makePrompt(1, COMMAND_MS)]);
  await submission.line(
    "the command has begun",
    (line) => line.includes("command_execution"),
    LIMIT_MS,
  );
  frozen.program.kill("SIGSTOP");
  const start = performance.now();
  await fleet.startWorker(second);
  await submission.line(
    "the job is taken from the frozen worker",
    (line) => line.includes(" stalled "),
    LIMIT_MS,
  );
  const stalledMs = performance.now() - start;
  await wait(Math.max(0, frozenMs - stalledMs));
  frozen.program.kill("SIGCONT");
  await within(LIMIT_MS, "the task is done", submission.ended);
  // Anything that the resumed worker does has happened by then.
  await wait(LOCK_MS);
  const isKept = options.keeping !== "store" ||
    (await readStored(fleet, frozen)).includes(RESUMED);
  const { left, exitCodes } = await fleet.drain();
  const lines = readJobLines(submission.lines);
  const completions = [...fleet.completions().values()];
  const commands = await fleet.commands();
  const ended = (await fleet.endedCommands()).get(1) ?? 0;
  const resumed =
    fleet.model.prompts.filter((prompt) =>
      prompt.startsWith("You were interrupted")
    ).length;
  const refusals = frozen.program.errors.filter((line) =>
    /another version|lock|not in the active state/.test(line)
  );
  return {
    figures: {
      frozen: first.name,
      "takes over": second.name,
      "stalled after, s": (stalledMs / 1000).toFixed(1),
      completions: completions.length,
      "requests on the resumed thread": resumed,
      "times the command ran": commands.get(1) ?? 0,
      "times it was not cut off": ended,
      "refusals the frozen worker met": refusals.length,
      "CLIs left": left.length,
    },
    problems: listProblems({
      completions: [completions, [1]],
      answers: [
        lines.filter(({ what }) => what === "completed").map(({ value }) =>
          value
        ),
        [{ summary: "Did task 1" }],
      ],
      "the command was cut off as the worker woke": [
        ended,
        frozenMs === LONG_MS ? 1 : 0,
      ],
      "the other worker went on with the thread": [resumed > 0, true],
      "what the other worker has stored is there": [isKept, true],
      "the frozen worker was refused": [refusals.length > 0, true],
      "left running": [left, []],
      "exit codes of drained workers": [exitCodes, [0, 0]],
    }),
  };
}

/**
 * Reads the stored history of the thread that a worker started and still has in its
 * home.
 */
async function readStored(
  fleet: Fleet,
  { home, runtime }: FleetWorker,
): Promise<string> {
  const names = (await listFiles(`${home}/sessions`)).join("\n");
  const [, id = ""] = /rollout-.*-([0-9a-f-]{36})\.jsonl$/m.exec(names) ?? [];
  const program = fleet.run(runtime, "stored.ts", [id]);
  const code = await within(LIMIT_MS, "the store", program.ended);
  if (code !== 0) throw new Error(program.errors.join("\n"));
  return program.lines.join("\n");
}
