import { CodexInputError } from "../../errors/codex_error.ts";
import { firstLine, quoted } from "../../util/text.ts";
import type {
  FakeExecutableStep,
  IgnoredSignal,
  PrintStep,
} from "./executable_steps.ts";
import { thrownMessage } from "../../util/thrown_message.ts";

const IGNORED: readonly IgnoredSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Checks a step of a fake executable, which may come from code without types.
 *
 * @throws {CodexInputError} For a step that an executable cannot do.
 */
export function checkStep(step: FakeExecutableStep, path: string): void {
  const problem = findProblem(step);
  if (problem === undefined) return;
  throw new CodexInputError(
    `Cannot write a fake executable with the step ${path}: ${problem}`,
    { path },
  );
}

/** Returns what is wrong with a step; `undefined` if it is valid. */
function findProblem(step: FakeExecutableStep): string | undefined {
  if (typeof step !== "object" || step === null || Array.isArray(step)) {
    return "a step is an item, an event or the result of a function of this kit";
  }
  if (!("play" in step)) {
    return "type" in step || "input_tokens" in step
      ? jsonProblem(step)
      : "it is not an item, an event or a count of tokens";
  }
  switch (step.play) {
    case "prints":
      return printProblem(step);
    case "ignores_signal":
      return IGNORED.includes(step.signal)
        ? undefined
        : `only ${IGNORED.join(", ")} can be ignored`;
    case "pause":
      return Number.isFinite(step.ms) && step.ms >= 0
        ? undefined
        : "a pause is a number of ms, 0 or more";
    case "failure":
      return step.reason === "sandbox"
        ? 'codex exec never reports the reason "sandbox"'
        : undefined;
    case "end":
      return endProblem(step.ending);
    case "hang":
    case "reads_stdin":
      return undefined;
    default:
      return `a program cannot do ${
        quoted(String((step as { readonly play: unknown }).play))
      }`;
  }
}

function jsonProblem(value: unknown): string | undefined {
  try {
    JSON.stringify(value);
    return undefined;
  } catch (error) {
    return `it cannot be printed as JSON: ${firstLine(thrownMessage(error))}`;
  }
}

function printProblem({ content, to, times }: PrintStep): string | undefined {
  if (typeof content !== "string" && !(content instanceof Uint8Array)) {
    return "prints() accepts a string or a Uint8Array";
  }
  if (to !== "stdout" && to !== "stderr") {
    return 'it prints to "stdout" or to "stderr"';
  }
  return times === Infinity || Number.isSafeInteger(times) && times >= 0
    ? undefined
    : "it prints a whole number of times, or Infinity";
}

function endProblem(
  { type, process }: Extract<FakeExecutableStep, { play: "end" }>["ending"],
): string | undefined {
  if (type !== "exited" || process === null) return "a program can only exit";
  const { exitCode, signal } = process;
  if (signal !== null && !/^SIG[A-Z0-9]+$/.test(signal)) {
    return 'a signal has a name like "SIGKILL"';
  }
  return exitCode === null ||
      Number.isInteger(exitCode) && exitCode >= 0 && exitCode <= 255
    ? undefined
    : "an exit code is a whole number from 0 to 255";
}
