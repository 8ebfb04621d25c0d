/**
 * One step of a fake executable: a word, and what belongs to it up to the end of the line.
 * The file beside the program holds a step a line, as it stands here; both programs, the
 * shell's and Bun's, go through it.
 *
 * | word                    | what the program does                                        |
 * | ----------------------- | ------------------------------------------------------------ |
 * | `record`                | takes the next number, and notes arguments, names of         |
 * |                         | variables and folder under it                                |
 * | `runs COUNT`            | goes on with the steps of its number; fails beyond the count |
 * | `stdin`                 | reads stdin to its end, and notes it                         |
 * | `thread ID`             | names the thread that it was told to resume, or this one     |
 * | `line TEXT`             | prints a line                                                |
 * | `put PIPE TIMES FILE`   | prints a file of its folder; without an end for -1           |
 * | `ignore SIGNAL`         | ignores a signal, and so does all that it starts from then   |
 * | `sleep SECONDS`         | waits                                                        |
 * | `wait SECONDS`          | waits, but exits within a second once its folder is removed  |
 * | `exit CODE`             | exits                                                        |
 * | `die SIGNAL`            | sends itself a signal                                        |
 */
export type ExecutableWord =
  | "record"
  | "stdin"
  | `runs ${number}`
  | `thread ${string}`
  | `line ${string}`
  | `put ${"out" | "err"} ${number} ${string}`
  | `ignore ${string}`
  | `${"sleep" | "wait" | "exit"} ${number}`
  | `die ${string}`;

/** The file of the steps, beside the program; those of a run have its number behind a dot. */
export const STEPS_FILE = "codex.steps";

/** Writes words as a file of steps. */
export function toLines(words: readonly string[]): string {
  return words.map((word) => `${word}\n`).join("");
}
