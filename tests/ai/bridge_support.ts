/** Steps of a turn, as the AI SDK asks for them. @module */

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

/** A tool as the AI SDK gives it. */
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

/** The call of a step that asks for the first time. */
export const BEGIN: AiCallOptions = { prompt: [FIRST], tools: [LOOKUP] };

/** The calls in an answer that the program has to run. */
export function ownCalls(
  { content }: Pick<AiResult, "content">,
): Extract<AiContent, { type: "tool-call" }>[] {
  return content.filter((part) => part.type === "tool-call")
    .filter(({ providerExecuted }) => providerExecuted !== true);
}

/** The requests for leave in an answer. */
export function requests(
  { content }: Pick<AiResult, "content">,
): Extract<AiContent, { type: "tool-approval-request" }>[] {
  return content.filter((part) => part.type === "tool-approval-request");
}

/** Writes an answer as a message of the next prompt. */
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

/** The result of a call, in one of the AI SDK's forms. */
export function makeToolResult(
  call: { readonly toolCallId: string; readonly toolName: string },
  output: object = { type: "json", value: { price: 12 } },
): AiPromptPart {
  const { toolCallId, toolName } = call;
  return { type: "tool-result", toolCallId, toolName, output };
}

/** The answer to a request for leave. */
export function decision(approvalId: string, approved: boolean): AiPromptPart {
  return { type: "tool-approval-response", approvalId, approved };
}

/** The call of the step that answers another one. */
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

/** Streams an answer, and gives it as one that is not. */
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

/** The text of an answer. */
export function readText({ content }: Pick<AiResult, "content">): string {
  return content.map((part) => part.type === "text" ? part.text : "").join("");
}

/** The last part of a stream. */
export function findFinish(
  parts: readonly AiPart[],
): Extract<AiPart, { type: "finish" }> {
  const part = parts.at(-1);
  assert(part?.type === "finish");
  return part;
}
