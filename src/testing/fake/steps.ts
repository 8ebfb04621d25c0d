import type { ThreadEvent } from "../../protocol/events.ts";
import type { PrintStep } from "../executable/executable_steps.ts";
import type { ExecutableWord } from "../executable/words.ts";
import { completedEvents } from "./turn_lines.ts";

/** The pipes that a step is about; `both` are stdout and stderr, `all` are stdin too. */
export type FakePipes = "out" | "err" | "both" | "all";

/**
 * One step of a fake CLI: an event, what `prints()` of the kit makes, a word of the
 * published fake executable, or one of those that this project's own suites want
 * besides. A note is a file in the fake's folder.
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
 * | `await NAME`            | waits for a note; exits with 7 if there is none in a minute |
 * | `hold PIPES`            | starts a process that holds pipes, and notes its id: `held` |
 * | `spawn tree`            | starts processes that leave its group and its session       |
 * | `spawn daemon`          | starts one that has forked twice and left the session       |
 * | `spawn bare`            | starts one without environment in a session of its own      |
 * | `spawn swarm`           | starts one that ignores signals and starts others           |
 * | `close PIPE`            | closes a pipe                                               |
 * | `stay`                  | stays for longer than a minute                              |
 * | `script TEXT`           | runs lines of a POSIX shell, where there is one             |
 *
 * A script is the only step of more than one line: it is written to a file of its
 * own, and the step names that. It goes on in the same process, so that it may use
 * `$$`, `"$@"`, `exec`, `exit` and `trap`; `$FAKE_HOME` is the folder.
 */
export type FakeStep =
  | ThreadEvent
  | PrintStep
  | ExecutableWord
  | "read"
  | "stay"
  | `${"read" | "add" | "env" | "pid" | "await"} ${string}`
  | `${"file" | "script"} ${string}`
  | `note ${string} ${string}`
  | `hold ${FakePipes}`
  | `spawn ${"tree" | "daemon" | "bare" | "swarm"}`
  | `close ${"in" | "out" | "err"}`;

/** Steps, which may be made of parts. */
export type FakeSteps = FakeStep | readonly FakeSteps[];

/** Prints lines. */
export function print(...lines: readonly string[]): FakeStep[] {
  return lines.map((line): FakeStep => `line ${line}`);
}

/** Reads the prompt, and prints a turn that goes well. */
export function printTurn(text: string): FakeStep[] {
  return ["read", ...completedEvents(text)];
}

/** Runs lines of a POSIX shell: for what no other step does. */
export function script(text: string): FakeStep {
  return `script ${text}`;
}

/** Makes one list of steps that are made of parts. */
export function flattenSteps(steps: FakeSteps): FakeStep[] {
  return isList(steps) ? steps.flatMap(flattenSteps) : [steps];
}

function isList(steps: FakeSteps): steps is readonly FakeSteps[] {
  return Array.isArray(steps);
}
