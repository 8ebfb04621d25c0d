/** Builds the steps of a turn as the AI SDK requests them. @module */

import { assert } from "@std/assert";
import type {
  AiCallOptions,
  AiContent,
  AiMessage,
  AiPart,
  AiPromptPart,
  AiResult,
  CodexLanguageModel,
} from "../../ai.ts";

/** Returns a tool as the AI SDK passes it. */
export function functionTool(name: string): object {
  return {
    type: "function",
    name,
    description: `Does ${name}`,
    inputSchema: {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: { article: { type: "string" } },
      required: ["article"],
      additionalProperties: false,
    },
  };
}

export const LOOKUP = functionTool("lookup");

export const FIRST: AiMessage = {
  role: "user",
  content: [{ type: "text", text: "Go" }],
};

/** The options of a turn's first step. */
export const BEGIN: AiCallOptions = { prompt: [FIRST], tools: [LOOKUP] };

/** Returns the calls in an answer that the program has to run. */
export function ownCalls(
  { content }: Pick<AiResult, "content">,
): Extract<AiContent, { type: "tool-call" }>[] {
  return content.filter((part) => part.type === "tool-call")
    .filter(({ providerExecuted }) => providerExecuted !== true);
}

/** Returns the approval requests in an answer. */
export function requests(
  { content }: Pick<AiResult, "content">,
): Extract<AiContent, { type: "tool-approval-request" }>[] {
  return content.filter((part) => part.type === "tool-approval-request");
}

/** Converts an answer to a message of the next prompt. */
export function asMessage({ content }: Pick<AiResult, "content">): AiMessage {
  return {
    role: "assistant",
    content: content.flatMap((part) => {
      if (part.type === "tool-approval-request") return [];
      const { providerMetadata: providerOptions, ...rest } = part;
      return [{ ...rest, providerOptions } as AiPromptPart];
    }),
  };
}

/** Returns the result of a call, in one of the AI SDK's forms. */
export function makeToolResult(
  call: { readonly toolCallId: string; readonly toolName: string },
  output: object = { type: "json", value: { price: 12 } },
): AiPromptPart {
  const { toolCallId, toolName } = call;
  return { type: "tool-result", toolCallId, toolName, output };
}

/** Returns the answer to an approval request. */
export function decision(approvalId: string, approved: boolean): AiPromptPart {
  return { type: "tool-approval-response", approvalId, approved };
}

/** Returns the options of the step that answers another one. */
export function next(
  answer: Pick<AiResult, "content">,
  answers: readonly AiPromptPart[] = ownCalls(answer).map((call) =>
    makeToolResult(call)
  ),
  options: Partial<AiCallOptions> = {},
): AiCallOptions {
  return {
    ...BEGIN,
    prompt: [FIRST, asMessage(answer), { role: "tool", content: answers }],
    ...options,
  };
}

/**
 * Streams a step; returns its parts, and its calls, approval requests and results as
 * content.
 */
export async function streamed(
  model: CodexLanguageModel,
  options: AiCallOptions,
): Promise<{ parts: AiPart[]; content: AiContent[] }> {
  const { stream } = await model.doStream(options);
  const parts = await Array.fromAsync(stream);
  const content = parts.filter((part): part is AiPart & AiContent =>
    part.type === "tool-call" || part.type === "tool-approval-request" ||
    part.type === "tool-result"
  );
  return { parts, content };
}

/** Returns the text of an answer. */
export function readText({ content }: Pick<AiResult, "content">): string {
  return content.map((part) => part.type === "text" ? part.text : "").join("");
}

/** Returns the last part of a stream. */
export function findFinish(
  parts: readonly AiPart[],
): Extract<AiPart, { type: "finish" }> {
  const part = parts.at(-1);
  assert(part?.type === "finish");
  return part;
}
