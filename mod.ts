/**
 * Run the Codex coding agent from code: typed events, turns, structured answers
 * and errors from the `codex` CLI, on Deno, Node and Bun.
 *
 * @example Ask for a structured answer
 * ```ts
 * import { Codex } from "@acodex/sdk";
 * import { z } from "zod";
 *
 * const codex = new Codex();
 * const thread = codex.startThread({ sandboxMode: "read-only" });
 *
 * const Summary = z.object({ summary: z.string(), risks: z.array(z.string()) });
 * const turn = await thread.run("Summarize this repository", {
 *   outputType: Summary,
 * });
 * console.log(turn.structuredResponse.risks);
 * ```
 *
 * @module
 */
export { Codex } from "./src/codex.ts";
export { tool } from "./src/tools/tool.ts";
export type {
  ClientTool,
  ToolContext,
  ToolDefinition,
  ToolOptions,
  ToolResult,
  ToolResultPart,
} from "./src/options/tools.ts";
export type {
  BegunTurn,
  EndedTurn,
  ExitedProcess,
  Listeners,
  SpawnedProcess,
  TurnListener,
  WatchedProcess,
  WatchedTurn,
} from "./src/options/listeners.ts";
export type { Diagnostic } from "./src/protocol/diagnostics.ts";
export {
  type CauseOptions,
  CodexConfigError,
  CodexEnvironmentError,
  CodexError,
  type CodexErrorCode,
  type CodexErrorOptions,
  CodexInputError,
  CodexInternalError,
  CodexOutputSchemaError,
  CodexPermissionError,
  CodexUnsupportedOptionError,
  type ErrorJson,
  type PathOptions,
  type UnsupportedOptionOptions,
} from "./src/errors/codex_error.ts";
export { errorFromJSON } from "./src/errors/error_json.ts";
export type {
  CodexConfig,
  CodexConfigObject,
  CodexConfigValue,
  CodexMcpServer,
  CodexModelProvider,
  CodexShellEnvironmentPolicy,
  CodexWorkspaceWrite,
  McpApprovalMode,
} from "./src/options/config.ts";
export type {
  ApprovalMode,
  CodexOptions,
  CustomOutputType,
  CyberAccessProgram,
  ImageSource,
  Input,
  ModelReasoningEffort,
  OutputType,
  ResumeOptions,
  ReviewOptions,
  SandboxMode,
  StandardOutputType,
  StandardResult,
  ThreadOptions,
  TurnOptions,
  TurnThreadOptions,
  UserInput,
  WebSearchMode,
  ZodOutputType,
} from "./src/options/options.ts";
export type {
  AttemptStartedEvent,
  ItemCompletedEvent,
  ItemStartedEvent,
  ItemUpdatedEvent,
  KnownThreadEvent,
  ResponseIssue,
  ThreadError,
  ThreadErrorEvent,
  ThreadEvent,
  ThreadStartedEvent,
  TurnCompletedEvent,
  TurnFailedEvent,
  TurnStartedEvent,
  UnknownThreadEvent,
  Usage,
} from "./src/protocol/events.ts";
export type {
  AgentMessageItem,
  CollabAgentState,
  CollabToolCallItem,
  CollabToolCallStatus,
  CommandExecutionItem,
  CommandExecutionStatus,
  ErrorItem,
  FileChangeItem,
  FileUpdateChange,
  KnownThreadItem,
  McpContentBlock,
  McpToolCallItem,
  McpToolCallResult,
  McpToolCallStatus,
  PatchApplyStatus,
  PatchChangeKind,
  ReasoningItem,
  ThreadItem,
  TodoItem,
  TodoListItem,
  UnknownThreadItem,
  WebSearchItem,
} from "./src/protocol/items.ts";
export type { JsonObject, JsonValue } from "./src/protocol/json.ts";
export {
  type RunStreamedResult,
  StreamedTurn,
} from "./src/turn/streamed_turn.ts";
export { Thread } from "./src/thread/thread.ts";
export type {
  ExplainedEnvironment,
  ExplainedImage,
  TurnExplanation,
} from "./src/transport/explanation.ts";
export type { ReviewTarget } from "./src/transport/origin.ts";
export {
  type RunResult,
  Turn,
  type TurnAttempt,
  type TurnJson,
} from "./src/turn/turn.ts";
export { turnFromJSON } from "./src/turn/turn_json.ts";
export type {
  FailureFacts,
  FailureReason,
} from "./src/errors/failure_reason.ts";
export {
  CodexCancelledError,
  CodexExecError,
  CodexExecutableNotFoundError,
  CodexIdleTimeoutError,
  CodexIncompleteTurnError,
  CodexInterruptedError,
  CodexStructuredResponseError,
  CodexThreadBusyError,
  CodexThreadNotFoundError,
  CodexThreadNotResumableError,
  CodexThreadRunError,
  CodexThreadStreamNotConsumedError,
  CodexTimeoutError,
  CodexTurnError,
  type TurnErrorOptions,
} from "./src/errors/turn_errors.ts";
export type {
  ProcessFacts,
  TurnFacts,
  TurnRecord,
} from "./src/errors/turn_facts.ts";
export {
  CodexLineTooLongError,
  CodexProtocolError,
  type LineErrorOptions,
  type LineProblem,
} from "./src/errors/protocol_errors.ts";
