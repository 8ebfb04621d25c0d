import { shorten } from "../util/text.ts";
import type { Issue } from "./issues.ts";

/** The maximum number of issues that are sent back. */
const MAX_ISSUES = 20;

/**
 * The maximum length of an issue's path, and of its message, in the prompt, in
 * characters.
 */
const MAX_ISSUE_LENGTH = 500;

/**
 * Writes the prompt that asks for a corrected answer.
 *
 * @param issues The issues of the last answer.
 * @param valuePath The JSON pointer to the type's value in the answer.
 */
export function repairPrompt(
  issues: readonly Issue[],
  valuePath: string,
): string {
  const lines = issues.slice(0, MAX_ISSUES).map(({ path, message }) => {
    const at = shorten(valuePath + path, MAX_ISSUE_LENGTH);
    return `- ${at === "" ? "the answer" : at}: ${
      shorten(message, MAX_ISSUE_LENGTH)
    }`;
  });
  const others = issues.length - lines.length;
  return [
    "Your last answer is not what was asked for:",
    ...lines,
    ...others > 0 ? [`- and ${others} more`] : [],
    "Give the whole answer again, corrected, as JSON and nothing else.",
  ].join("\n");
}
