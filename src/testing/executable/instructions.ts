/**
 * One step of a fake executable: a word and its value, up to the end of the line. The file
 * next to the program holds one step per line; both programs, the shell's and Bun's,
 * follow it.
 *
 * | word                    | what the program does                                        |
 * | ----------------------- | ------------------------------------------------------------ |
 * | `record`                | takes the next number, and records the arguments, names of   |
 * |                         | variables and folder under it                                |
 * | `runs COUNT`            | continues with the steps of its number, fails beyond COUNT   |
 * | `stdin`                 | reads stdin to its end, and records it                       |
 * | `thread ID`             | names the thread that it has to resume, or else this one     |
 * | `line TEXT`             | prints a line                                                |
 * | `put PIPE TIMES FILE`   | prints a file of its folder; without end if TIMES is -1      |
 * | `ignore SIGNAL`         | ignores a signal; processes that it then starts do, too      |
 * | `sleep SECONDS`         | waits                                                        |
 * | `wait SECONDS`          | waits, but exits within a second once its folder is removed  |
 * | `exit CODE`             | exits                                                        |
 * | `die SIGNAL`            | sends itself a signal                                        |
 */
export type ExecutableInstruction =
  | "record"
  | "stdin"
  | `runs ${number}`
  | `thread ${string}`
  | `line ${string}`
  | `put ${"out" | "err"} ${number} ${string}`
  | `ignore ${string}`
  | `${"sleep" | "wait" | "exit"} ${number}`
  | `die ${string}`;

/** The file of steps next to the program; `codex.steps.N` holds those of run N. */
export const STEPS_FILE = "codex.steps";

/** Joins instructions into the text of a file of steps. */
export function toLines(instructions: readonly string[]): string {
  return instructions.map((each) => `${each}\n`).join("");
}
