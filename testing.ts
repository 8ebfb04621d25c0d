/**
 * Tests code that drives the agent, with no network, no key and no cost, on Deno, Node and
 * Bun, under any test runner: with a client whose turns are played from a script, or with
 * the real CLI against a scripted model. Names that begin with `model` script what the model
 * says; all others script what the CLI prints.
 *
 * @example Play a turn
 * ```ts
 * import { agentMessage, fakeCodex } from "@acodex/sdk/testing";
 *
 * const codex = fakeCodex([agentMessage("All good")]);
 * const turn = await codex.startThread().run("Review the last commit");
 * console.log(turn.finalResponse); // All good
 * console.log(codex.requests[0]?.prompt); // Review the last commit
 * ```
 *
 * @module
 */
export {
  type FakeExecutable,
  type FakeExecutableRun,
  writeFakeExecutable,
} from "./src/testing/executable/fake_executable.ts";
export {
  type FakeExecutableStep,
  type IgnoredSignal,
  type IgnoreSignalStep,
  ignoresSignal,
  type PrintOptions,
  prints,
  type PrintStep,
  readsStdin,
  type ReadStdinStep,
} from "./src/testing/executable/executable_steps.ts";
export {
  type DeltaFields,
  errorEvent,
  itemCompleted,
  itemDelta,
  itemStarted,
  itemUpdated,
  threadStarted,
  turnCompleted,
  turnFailed,
  turnStarted,
  unknownEvent,
  usage,
} from "./src/testing/kit/build/events.ts";
export {
  agentMessage,
  collabToolCall,
  type CollabToolCallFields,
  commandExecution,
  type CommandExecutionFields,
  errorItem,
  fileChange,
  type FileChangeFields,
  type ItemName,
  mcpToolCall,
  type McpToolCallFields,
  reasoning,
  todoList,
  unknownItem,
  webSearch,
} from "./src/testing/kit/build/items.ts";
export { FakeCodex, fakeCodex } from "./src/testing/kit/fake_codex.ts";
export {
  FakeCodexAppServer,
  fakeCodexAppServer,
} from "./src/testing/kit/fake_codex_app_server.ts";
export {
  type ApprovableItem,
  type ApprovalStep,
  type ApprovalStepOptions,
  needsApproval,
  type PlayedServerTurn,
  type ServerStep,
} from "./src/testing/kit/play/approval.ts";
export type {
  PlayedRequest,
  PlayedScript,
  PlayFunction,
} from "./src/testing/kit/play/script.ts";
export { record, type RecordOptions } from "./src/testing/kit/record/record.ts";
export { replay, type ReplayOptions } from "./src/testing/kit/record/replay.ts";
export type { ScrubRule } from "./src/testing/kit/record/scrub.ts";
export {
  type BatchStep,
  ends,
  type EndStep,
  exits,
  type ExitStep,
  failure,
  type FailureStep,
  hang,
  type HangStep,
  notStarted,
  pause,
  type PauseStep,
  type PlayedStep,
  type PlayedTurn,
  structuredAnswer,
  type StructuredAnswerStep,
  type ThreadProblem,
  threadRejected,
  written,
  type WrittenItem,
  type WrittenStep,
} from "./src/testing/kit/play/steps.ts";
export {
  type ThreadStoreTest,
  threadStoreTests,
} from "./src/testing/kit/store/thread_store_tests.ts";
export type {
  DelayedReply as ModelDelayedReply,
  HttpReply as ModelHttpReply,
  ModelReply,
  OutputItem as ModelOutputItem,
  ReplyFunction as ModelReplyFunction,
  ScriptStep as ModelScriptStep,
  StreamEvent as ModelStreamEvent,
  StreamReply as ModelStreamReply,
} from "./src/testing/model/model_reply.ts";
export {
  type CommandOptions as ModelCommandOptions,
  modelCommand,
  modelFunctionCall,
  modelMcpCall,
  modelMessage,
  modelPatch,
  modelPlan,
  modelReasoning,
  modelWebSearch,
  type PlanStep as ModelPlanStep,
} from "./src/testing/model/output_items.ts";
export type {
  RecordedRequest as ModelRequest,
  RequestOutcome as ModelRequestOutcome,
  ToolOutput as ModelToolOutput,
} from "./src/testing/model/recorded_request.ts";
export {
  type AnswerPart as ModelAnswerPart,
  modelAnswer,
  modelDelay,
  modelDrop,
  modelEvents,
  modelFailure,
  modelHang,
  modelHttpError,
} from "./src/testing/model/replies.ts";
export {
  type ModelClientOptions,
  ScriptedModel,
} from "./src/testing/model/scripted_model.ts";
export type {
  ScriptedModelConfig,
  ScriptedModelOptions,
} from "./src/testing/model/scripted_model_config.ts";
export {
  modelUsage,
  type TokenUsage as ModelTokenUsage,
  type UsagePart as ModelUsagePart,
} from "./src/testing/model/token_usage.ts";
export type { SentTurnOptions } from "./src/options/table.ts";
export type { StopCause, TurnEnding } from "./src/transport/ending.ts";
export type {
  ExplainedEnvironment,
  ExplainedImage,
  TurnExplanation,
} from "./src/transport/explanation.ts";
export type { ThreadOrigin } from "./src/transport/origin.ts";
export type { ProcessWatcher } from "./src/transport/process_watcher.ts";
export type {
  Transport,
  TurnBatch,
  TurnImage,
  TurnRequest,
  TurnWatch,
  UnrunRequest,
} from "./src/transport/transport.ts";
