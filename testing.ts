/**
 * Test code that drives an agent with no network, no key and no cost: a client whose turns
 * are played, on Deno, Node and Bun, under any test runner.
 *
 * @example A turn that is played
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
export {
  ends,
  type EndStep,
  exits,
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
  threadRefused,
  written,
  type WrittenItem,
  type WrittenStep,
} from "./src/testing/kit/play/steps.ts";
export type { SentTurnOptions } from "./src/options/table.ts";
export type { StopCause, TurnEnding } from "./src/transport/ending.ts";
export type { ThreadOrigin } from "./src/transport/origin.ts";
export type {
  Transport,
  TurnBatch,
  TurnImage,
  TurnRequest,
} from "./src/transport/transport.ts";
