import { completedTurn } from "./turn_lines.ts";

/** The pipes that a step is about; `both` are stdout and stderr, `all` are stdin too. */
export type FakePipes = "out" | "err" | "both" | "all";

/**
 * One step of a fake CLI: a word, and what belongs to it up to the end of the line.
 * The file beside the program holds a step a line, as it stands here. A note is a
 * file in the fake's folder.
 *
 * | step                    | what the fake does                                          |
 * | ----------------------- | ----------------------------------------------------------- |
 * | `read`                  | reads stdin to its end; without it, stdin is never read     |
 * | `read NAME`             | the same, into a note                                       |
 * | `line TEXT`             | prints a line; `line ` an empty one                         |
 * | `text TEXT`             | prints without a line's end                                 |
 * | `file PATH`             | prints a file                                               |
 * | `fill BYTES`            | prints so many `x`                                          |
 * | `repeat COUNT TEXT`     | prints a line again and again; without end for `forever`    |
 * | `error TEXT`            | prints a line to stderr                                     |
 * | `flood BYTES`           | writes so many zeros to stderr                              |
 * | `note NAME TEXT`        | writes a note                                               |
 * | `add NAME`              | adds an empty line to a note                                |
 * | `args NAME`             | writes its arguments to a note, each with a NUL after it    |
 * | `env NAME`              | writes its environment to a note, a variable a line         |
 * | `folder NAME`           | writes its working directory to a note                      |
 * | `pid NAME`              | writes its process id to a note                             |
 * | `await NAME`            | waits for a note; exits with 7 if there is none in a minute |
 * | `ignore SIGNAL`         | ignores a signal, and so does all that it starts from then  |
 * | `hold PIPES`            | starts a process that holds pipes, and notes its id: `held` |
 * | `spawn tree`            | starts processes that leave its group and its session       |
 * | `spawn daemon`          | starts one that has forked twice and left the session       |
 * | `spawn bare`            | starts one without environment in a session of its own      |
 * | `spawn swarm`           | starts one that ignores signals and starts others           |
 * | `close PIPE`            | closes a pipe                                               |
 * | `sleep SECONDS`         | waits                                                       |
 * | `stay`                  | stays for longer than a minute                              |
 * | `exit CODE`             | exits                                                       |
 * | `die SIGNAL`            | sends itself a signal                                       |
 * | `script TEXT`           | runs lines of a POSIX shell, where there is one             |
 *
 * A script is the only step of more than one line: it is written to a file of its
 * own, and the step names that. It goes on in the same process, so that it may use
 * `$$`, `"$@"`, `exec`, `exit` and `trap`; `$FAKE_HOME` is the folder.
 */
export type FakeStep =
  | "read"
  | "stay"
  | `${"read" | "add" | "args" | "env" | "folder" | "pid" | "await"} ${string}`
  | `${"line" | "text" | "file" | "error" | "script"} ${string}`
  | `${"fill" | "flood" | "sleep" | "exit"} ${number}`
  | `repeat ${number | "forever"} ${string}`
  | `note ${string} ${string}`
  | `${"ignore" | "die"} ${"INT" | "TERM" | "KILL" | "HUP"}`
  | `hold ${FakePipes}`
  | `spawn ${"tree" | "daemon" | "bare" | "swarm"}`
  | `close ${"in" | "out" | "err"}`;

/** Steps, which may be made of parts. */
export type FakeSteps = FakeStep | readonly FakeSteps[];

/** Prints lines. */
export function print(...lines: readonly string[]): FakeStep[] {
  return lines.map((line): FakeStep => `line ${line}`);
}

/** Prints text of any number of lines, the last of which need not end. */
export function printText(text: string): FakeStep[] {
  const lines = text.split("\n");
  const rest = lines.pop();
  return [...print(...lines), ...rest ? [`text ${rest}` as const] : []];
}

/** Reads the prompt, and prints a turn that goes well. */
export function printTurn(text: string): FakeStep[] {
  return ["read", ...print(...completedTurn(text))];
}

/** Runs lines of a POSIX shell: for what no other step does. */
export function script(text: string): FakeStep {
  return `script ${text}`;
}

/** Makes one list of steps that are made of parts. */
export function flattenSteps(steps: FakeSteps): FakeStep[] {
  return typeof steps === "string" ? [steps] : steps.flatMap(flattenSteps);
}
