import type { ThreadEvent } from "../../protocol/events.ts";
import type { PrintStep } from "../executable/executable_steps.ts";
import type { ExecutableInstruction } from "../executable/instructions.ts";
import { completedEvents } from "./turn_lines.ts";

/** The pipes of a step; `both` are stdout and stderr, `all` includes stdin. */
export type FakePipes = "out" | "err" | "both" | "all";

/**
 * One step of a fake CLI: an event, a step created by `prints()` of the kit, an
 * instruction of the published fake executable, or one of the further ones for this
 * project's own suites. A note is a file in the fake's folder.
 *
 * | step                    | what the fake does                                          |
 * | ----------------------- | ----------------------------------------------------------- |
 * | `read`                  | reads stdin to its end; without it, stdin is never read     |
 * | `read NAME`             | the same, into a note                                       |
 * | `file PATH`             | prints a file                                               |
 * | `note NAME TEXT`        | writes a note                                               |
 * | `add NAME`              | adds an empty line to a note                                |
 * | `env NAME`              | writes its environment to a note, a variable a line         |
 * | `pid NAME`              | writes its process id to a note                             |
 * | `await NAME`            | waits a minute for a note, then exits with 7                |
 * | `hold PIPES`            | starts a process that holds pipes; notes its id as `held`   |
 * | `spawn tree`            | starts processes that leave its group and its session       |
 * | `spawn daemon`          | starts a process that forks twice and leaves the session    |
 * | `spawn bare`            | starts a process without environment in a new session       |
 * | `spawn swarm`           | starts a process that ignores signals and starts others     |
 * | `close PIPE`            | closes a pipe                                               |
 * | `stay`                  | stays for longer than a minute                              |
 * | `script TEXT`           | runs lines of a POSIX shell, if there is one                |
 *
 * A script is the only step of more than one line: it is written to a separate file,
 * which the step names. It runs in the same process, so it may use `$$`, `"$@"`,
 * `exec`, `exit` and `trap`; `$FAKE_HOME` is the folder.
 */
export type FakeStep =
  | ThreadEvent
  | PrintStep
  | ExecutableInstruction
  | "read"
  | "stay"
  | `${"read" | "add" | "env" | "pid" | "await"} ${string}`
  | `${"file" | "script"} ${string}`
  | `note ${string} ${string}`
  | `hold ${FakePipes}`
  | `spawn ${"tree" | "daemon" | "bare" | "swarm"}`
  | `close ${"in" | "out" | "err"}`;

/** Steps, as a list that may be nested. */
export type FakeSteps = FakeStep | readonly FakeSteps[];

/** Prints lines. */
export function print(...lines: readonly string[]): FakeStep[] {
  return lines.map((line): FakeStep => `line ${line}`);
}

/** Reads the prompt, and prints a turn that succeeds. */
export function printTurn(text: string): FakeStep[] {
  return ["read", ...completedEvents(text)];
}

/** Runs lines of a POSIX shell, for actions that no other step does. */
export function script(text: string): FakeStep {
  return `script ${text}`;
}

/** Flattens nested steps into one list. */
export function flattenSteps(steps: FakeSteps): FakeStep[] {
  return isList(steps) ? steps.flatMap(flattenSteps) : [steps];
}

function isList(steps: FakeSteps): steps is readonly FakeSteps[] {
  return Array.isArray(steps);
}
