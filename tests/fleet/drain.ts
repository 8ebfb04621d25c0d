/**
 * Stops workers during a turn, as every deployment does.
 *
 * @module
 */

import { within } from "../../src/testing/waiting.ts";
import { Fleet } from "./fleet.ts";
import { readJobLines } from "./job_lines.ts";
import { makePrompt, RESUMED } from "./model.ts";
import { listProblems, type Outcome, type RowContext } from "./row.ts";

/** Milliseconds that anything may take; only guards against hanging. */
const LIMIT_MS = 60_000;

/**
 * Stops a worker that may finish its turn, and one that may not and whose task another
 * worker then continues.
 */
export async function runDrain(
  { options, runtimes: [first, second] }: RowContext,
): Promise<Outcome> {
  if (first === undefined || second === undefined) {
    throw new Error("There are not enough runtimes");
  }
  await using fleet = await Fleet.start({ ...options, concurrency: 1 });
  /** Runs a task whose worker is stopped during its command. */
  const run = async (task: number, commandMs: number, drainMs: number) => {
    const worker = await fleet.startWorker(first, {
      FLEET_DRAIN_MS: `${drainMs}`,
    });
    const submission = fleet.submit(first, [makePrompt(task, commandMs)]);
    await submission.line(
      "the command has begun",
      (line) => line.includes("command_execution"),
      LIMIT_MS,
    );
    const began = performance.now();
    worker.program.kill("SIGTERM");
    const exitCode = await within(LIMIT_MS, "its end", worker.program.ended);
    fleet.workers.delete(worker);
    const seconds = (performance.now() - began) / 1000;
    const left = await fleet.left();
    return { submission, exitCode, seconds, left };
  };
  const patient = await run(1, 2_000, LIMIT_MS);
  await within(LIMIT_MS, "the first task", patient.submission.ended);
  const hasty = await run(2, 9_000, 100);
  await fleet.startWorker(second);
  await within(LIMIT_MS, "the second task", hasty.submission.ended);
  const { left, exitCodes } = await fleet.drain();
  const listAnswers = ({ submission }: typeof patient) =>
    readJobLines(submission.lines).filter(({ what }) =>
      /completed|failed/.test(what)
    ).map(({ value }) => value);
  const [commands, ended] = await Promise.all([
    fleet.commands(),
    fleet.endedCommands(),
  ]);
  return {
    figures: {
      "drained in, s": patient.seconds.toFixed(1),
      "handed back in, s": hasty.seconds.toFixed(1),
      "CLIs left": left.length,
    },
    problems: listProblems({
      answers: [
        [...listAnswers(patient), ...listAnswers(hasty)],
        [{ summary: "Did task 1" }, { summary: "Did task 2" }],
      ],
      "exit codes": [
        [patient.exitCode, hasty.exitCode, ...exitCodes],
        [0, 0, 0],
      ],
      "commands begun": [[...commands], [[1, 1], [2, 1]]],
      "commands ended": [[...ended], [[1, 1]]],
      "the thread went on elsewhere": [
        fleet.model.prompts.some((prompt) => prompt.startsWith(RESUMED)),
        true,
      ],
      "left running": [[...patient.left, ...hasty.left, ...left], []],
    }),
  };
}
