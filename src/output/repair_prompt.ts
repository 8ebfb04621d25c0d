import { shorten } from "../util/text.ts";
import type { Issue } from "./issues.ts";

/** How many issues are sent back. */
const MAX_ISSUES = 20;

/** How much of an issue's message is sent back, and of its place, in characters. */
const MAX_ISSUE_LENGTH = 500;

/**
 * The prompt that sends an answer back with what is wrong with it.
 *
 * @param issues What is wrong.
 * @param valuePath Where in the answer the type's value stands, as a JSON pointer.
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
