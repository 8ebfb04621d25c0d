/**
 * A scripted model for tests and demos: the real `codex` CLI on one side,
 * answers written in advance on the other, nothing but loopback in between.
 *
 * @example A turn with a command
 * ```ts ignore
 * import { answer, command, message, ScriptedModel } from "./src/testing/model.ts";
 *
 * await using model = await ScriptedModel.start([
 *   answer(command("echo hi")),
 *   (request) => answer(message(`It printed ${request.toolOutputs[0]?.text}`)),
 * ]);
 * ```
 *
 * @module
 */
export type {
  DelayedReply,
  HttpReply,
  ModelReply,
  OutputItem,
  ReplyFunction,
  ScriptStep,
  StreamEvent,
  StreamReply,
} from "./model/model_reply.ts";
export {
  command,
  type CommandOptions,
  functionCall,
  mcpCall,
  message,
  patch,
  plan,
  type PlanStep,
  reasoning,
  webSearch,
} from "./model/output_items.ts";
export type {
  RecordedRequest,
  RequestOutcome,
  ToolOutput,
} from "./model/recorded_request.ts";
export {
  answer,
  type AnswerPart,
  delayed,
  dropped,
  failedResponse,
  hanging,
  httpError,
  rawEvents,
} from "./model/replies.ts";
export { ScriptedModel } from "./model/scripted_model.ts";
export type {
  ScriptedModelConfig,
  ScriptedModelOptions,
} from "./model/scripted_model_config.ts";
export { type TokenUsage, usage, type UsagePart } from "./model/token_usage.ts";
