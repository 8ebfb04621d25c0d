/**
 * Runs the agent over one `codex app-server` that all threads of a client share. Turns
 * start in a fraction of the time, with approvals, text as it is written, steering and
 * interruption, on Deno, Node and Bun.
 *
 * @example Three turns on a server that stays warm
 * ```ts
 * import { CodexAppServer } from "@acodex/sdk/app-server";
 *
 * const codex = new CodexAppServer();
 * try {
 *   const thread = codex.startThread({ sandboxMode: "read-only" });
 *   await thread.run("Read the README");
 *   const turn = await thread.run("What is missing from it?");
 *   console.log(turn.finalResponse);
 * } finally {
 *   await codex.close();
 * }
 * ```
 *
 * @module
 */
export type {
  ApprovalContext,
  ApprovalDecision,
  ApprovalHandler,
  ApprovalOrigin,
  ApprovalRequest,
  CommandApproval,
  FileChangeApproval,
  McpToolApproval,
  ProposedChange,
  TerminalInputApproval,
} from "./src/app_server/approval.ts";
export type {
  Account,
  RateLimit,
  RateLimits,
} from "./src/app_server/account/account.ts";
export type { Model } from "./src/app_server/account/models.ts";
export {
  CodexAppServer,
  type ModelsOptions,
} from "./src/app_server/codex_app_server.ts";
export type {
  ThreadSource,
  ThreadSourceKind,
} from "./src/app_server/connection/wire.ts";
export type { RequestOptions } from "./src/app_server/server/ask_server.ts";
export {
  type ForkOptions,
  ServerThreads,
  type ThreadFilter,
} from "./src/app_server/threads/server_threads.ts";
export type {
  ThreadGit,
  ThreadInfo,
} from "./src/app_server/threads/thread_info.ts";
export type { TurnInfo } from "./src/app_server/threads/turn_info.ts";
export type {
  ElicitationAnswer,
  ElicitationHandler,
  ElicitationOrigin,
  ElicitationRequest,
  FormElicitation,
  UrlElicitation,
} from "./src/app_server/elicitation.ts";
export type {
  CodexAppServerOptions,
  ServerHandlers,
  ServerNotice,
  ServerThreadOptions,
  ServerTurnOptions,
} from "./src/app_server/options.ts";
export type { Connect, LineSource } from "./src/app_server/line_source.ts";
export { ServerStreamedTurn } from "./src/app_server/server_streamed_turn.ts";
export { ServerThread } from "./src/app_server/server_thread.ts";
export { CodexUnsupportedOptionError } from "./src/errors/codex_error.ts";
export {
  CodexConnectionError,
  type ConnectionErrorOptions,
} from "./src/errors/connection_errors.ts";
export {
  CodexRequestError,
  type RequestErrorOptions,
} from "./src/errors/request_errors.ts";
export {
  CodexInterruptedError,
  CodexThreadBusyError,
} from "./src/errors/turn_errors.ts";
export type {
  ClientTool,
  ToolContext,
  ToolDefinition,
  ToolOptions,
  ToolResult,
  ToolResultPart,
} from "./src/options/tools.ts";
export type {
  ItemDelta,
  StreamedEvent,
  TurnDelta,
  TurnDiff,
} from "./src/protocol/deltas.ts";
export { tool } from "./src/tools/tool.ts";
