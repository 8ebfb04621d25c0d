import type { AiMessage } from "../model_types.ts";

/** An answer in a prompt. */
export type Answer =
  | {
    /** Marks the result of a call. */
    readonly type: "result";
    /** The result in one of the AI SDK's forms. */
    readonly output: unknown;
  }
  | {
    /** Marks the answer to an approval request. */
    readonly type: "approval";
    /** True if the request is approved. */
    readonly isApproved: boolean;
  };

/**
 * Reads the answers at the end of a prompt: results of calls and decisions, by the ids of the
 * questions. Empty for a prompt that ends in any other way, such as with a user's message.
 */
export function readAnswers(
  prompt: readonly AiMessage[],
): ReadonlyMap<string, Answer> {
  const answers = new Map<string, Answer>();
  const last = prompt.findLastIndex(({ role }) => role !== "tool");
  for (const { content } of prompt.slice(last + 1)) {
    for (const part of typeof content === "string" ? [] : content) {
      const { type, toolCallId, approvalId, output, approved } = part;
      if (type === "tool-result" && typeof toolCallId === "string") {
        answers.set(toolCallId, { type: "result", output });
      } else if (
        type === "tool-approval-response" && typeof approvalId === "string"
      ) {
        answers.set(approvalId, {
          type: "approval",
          isApproved: approved === true,
        });
      }
    }
  }
  return answers;
}
