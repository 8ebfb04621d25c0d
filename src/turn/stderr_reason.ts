import { optionOfFlag } from "../options/flags.ts";
import { shortenStart } from "../util/text.ts";

/** The most of stderr that a message holds, in characters. */
const MAX_LENGTH = 2048;

// Facts F8: the CLI writes this to stderr also when all is well.
const GREETING = /^Reading (?:prompt|additional input) from stdin\.\.\.$/;

/** A line that begins the CLI's own words on why it ended. */
const ERROR_LINE = /^(?:Error: |(?=Error\b))/;

/** A line for people who look into the CLI: a warning, or one of its log. */
const LOG_LINE = /^(?:WARNING: |\d{4}-\d\d-\d\dT\S+\s+[A-Z]+ )/;

/** A line of its log that tells of an error. */
const LOGGED_ERROR = /^\d{4}-\d\d-\d\dT\S+\s+ERROR /;

/** The line before the CLI's stack, where the environment has RUST_BACKTRACE (facts F44). */
const BACKTRACE = /^Stack backtrace:$/;

/**
 * Reads why the CLI ended badly from its stderr: from its first `Error:` line on, else
 * what is neither a warning nor of its log, else the errors in its log. Empty where
 * nothing says it.
 *
 * @param isKilled Says that a signal ended it: its log is not the reason then.
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

/** Joins the lines, and names the options for the flags of the CLI that they name. */
function finish(lines: readonly string[]): string {
  const text = shortenStart(lines.join("\n").trim(), MAX_LENGTH);
  return text.replaceAll(/--[a-z][a-z-]+/g, (flag) => {
    const option = optionOfFlag(flag);
    return option === undefined ? flag : `${flag} (the option ${option})`;
  });
}
