/**
 * The scripted model of the published kit, under the short names that this project's own
 * suites have for what the model says: the real `codex` CLI on one side, answers written
 * in advance on the other, nothing but loopback in between.
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
  type CommandOptions,
  modelCommand as command,
  modelFunctionCall as functionCall,
  modelMcpCall as mcpCall,
  modelMessage as message,
  modelPatch as patch,
  modelPlan as plan,
  modelReasoning as reasoning,
  modelWebSearch as webSearch,
  type PlanStep,
} from "./model/output_items.ts";
export type {
  RecordedRequest,
  RequestOutcome,
  ToolOutput,
} from "./model/recorded_request.ts";
export {
  type AnswerPart,
  modelAnswer as answer,
  modelDelay as delayed,
  modelDrop as dropped,
  modelEvents as rawEvents,
  modelFailure as failedResponse,
  modelHang as hanging,
  modelHttpError as httpError,
} from "./model/replies.ts";
export { ScriptedModel } from "./model/scripted_model.ts";
export type {
  ScriptedModelConfig,
  ScriptedModelOptions,
} from "./model/scripted_model_config.ts";
export {
  modelUsage as usage,
  type TokenUsage,
  type UsagePart,
} from "./model/token_usage.ts";
