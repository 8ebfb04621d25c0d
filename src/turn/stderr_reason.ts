import { optionOfFlag } from "../options/flags.ts";
import { shortenStart } from "../util/text.ts";

/** The longest part of stderr in a message, in characters. */
const MAX_LENGTH = 2048;

// Facts F8: the CLI writes this to stderr even if nothing is wrong.
const GREETING = /^Reading (?:prompt|additional input) from stdin\.\.\.$/;

/** A line that begins the CLI's own explanation of why it ended. */
const ERROR_LINE = /^(?:Error: |(?=Error\b))/;

/** A line for people who debug the CLI: a warning, or a line of its log. */
const LOG_LINE = /^(?:WARNING: |\d{4}-\d\d-\d\dT\S+\s+[A-Z]+ )/;

/** A line of its log that reports an error. */
const LOGGED_ERROR = /^\d{4}-\d\d-\d\dT\S+\s+ERROR /;

/**
 * The line before the CLI's stack trace, if the environment sets RUST_BACKTRACE (facts
 * F44).
 */
const BACKTRACE = /^Stack backtrace:$/;

/**
 * Reads from its stderr why the CLI failed: everything from the first `Error:` line,
 * otherwise the lines that are neither warnings nor log lines, otherwise the errors in
 * the log. Returns an empty string if there is no reason.
 *
 * @param isKilled True if a signal ended the CLI: its log is then not the reason.
 */
export function readStderrReason(stderr: string, isKilled: boolean): string {
  const all = stderr.split("\n").map((line) => line.trimEnd());
  const end = all.findIndex((line) => BACKTRACE.test(line));
  const lines = all.slice(0, end === -1 ? undefined : end)
    .filter((line) => line !== "" && !GREETING.test(line.trim()));
  const first = lines.findIndex((line) => ERROR_LINE.test(line));
  if (first !== -1) {
    const [line = "", ...others] = lines.slice(first);
    return finish([line.replace(ERROR_LINE, ""), ...withoutLog(others)]);
  }
  const words = withoutLog(lines);
  if (words.length > 0 || isKilled) return finish(words);
  return finish(lines.filter((line) => LOGGED_ERROR.test(line)));
}

function withoutLog(lines: readonly string[]): string[] {
  return lines.filter((line) => !LOG_LINE.test(line));
}

/** Joins the lines, and adds the option's name to each flag of the CLI in them. */
function finish(lines: readonly string[]): string {
  const text = shortenStart(lines.join("\n").trim(), MAX_LENGTH);
  return text.replaceAll(/--[a-z][a-z-]+/g, (flag) => {
    const option = optionOfFlag(flag);
    return option === undefined ? flag : `${flag} (the option ${option})`;
  });
}
