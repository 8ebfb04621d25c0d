/**
 * Provides the agent as a language model for the AI SDK (6 and 7), Mastra and anything else
 * that accepts one, and streams its turns in the form that `useChat` and its relatives
 * read. Needs none of their packages.
 *
 * @example Answer a chat that continues its thread
 * ```ts ignore
 * import { Codex } from "@acodex/sdk";
 * import { codexModel } from "@acodex/sdk/ai";
 * import { convertToModelMessages, streamText } from "ai";
 *
 * const model = codexModel(new Codex(), { sandboxMode: "read-only" });
 *
 * export async function POST(request: Request): Promise<Response> {
 *   const { messages } = await request.json();
 *   const result = streamText({
 *     model,
 *     messages: await convertToModelMessages(messages),
 *     abortSignal: request.signal,
 *   });
 *   return result.toUIMessageStreamResponse();
 * }
 * ```
 *
 * @module
 */
export type {
  AgentApproval,
  AgentClient,
  AgentThread,
  AgentTurn,
} from "./src/ai/agent_client.ts";
export { codexModel } from "./src/ai/model.ts";
export type {
  AnswerOptions,
  CodexModelOnlyOptions,
  CodexModelOptions,
} from "./src/ai/model_options.ts";
export type {
  AiCallOptions,
  AiContent,
  AiFinishReason,
  AiMessage,
  AiMetadata,
  AiPart,
  AiPromptPart,
  AiResult,
  AiToolApprovalRequest,
  AiToolCall,
  AiToolResult,
  AiUsage,
  AiWarning,
  CodexLanguageModel,
} from "./src/ai/model_types.ts";
export { readUIMessages } from "./src/ai/ui_messages.ts";
export {
  toUIMessageResponse,
  type UIResponseOptions,
} from "./src/ai/ui_response.ts";
export { toUIMessageStream, type UIStreamOptions } from "./src/ai/ui_stream.ts";
export type {
  UIMessageChunk,
  UIMessageLike,
  UIPartLike,
  UITurnMetadata,
} from "./src/ai/ui_types.ts";
