import type {
  ApprovalDecision,
  ApprovalRequest,
} from "../../../app_server/approval.ts";
import type { Decided } from "../../../app_server/answers/answers.ts";
import type {
  CommandExecutionItem,
  FileChangeItem,
  McpToolCallItem,
} from "../../../protocol/items.ts";
import type { JsonValue } from "../../../protocol/json.ts";
import type { PlayedStep } from "./steps.ts";

/** An item that the agent may have to ask leave for. */
export type ApprovableItem =
  | CommandExecutionItem
  | FileChangeItem
  | McpToolCallItem;

/** Options of {@linkcode needsApproval}. */
export interface ApprovalStepOptions {
  /**
   * Fields of the request that are not those of the item, such as `reason`, `cwd`, or the
   * `diff` of changes.
   */
  readonly request?: Partial<ApprovalRequest>;
  /** Gives what the turn does after an answer other than `cancel`; by default it goes on. */
  readonly onDecision?: (
    decision: Exclude<ApprovalDecision, "cancel">,
  ) => PlayedServerTurn;
}

/** A step that asks for leave; made by {@linkcode needsApproval}. */
export interface ApprovalStep extends Required<ApprovalStepOptions> {
  /** Tells this kind of step from the others. */
  readonly play: "approval";
  /** The item, as it ends where leave is given. */
  readonly item: ApprovableItem;
}

/** A step of a turn on a fake server: what any turn has, and approvals. */
export type ServerStep = PlayedStep | ApprovalStep;

/** A turn that is played on a fake server: its steps, or its only one. */
export type PlayedServerTurn = ServerStep | readonly ServerStep[];

/** Asks for leave, until nobody wants the answer. */
export type AskApproval = (
  request: ApprovalRequest,
  signal: AbortSignal,
) => Promise<Decided<ApprovalDecision>>;

/**
 * Begins an item, and asks `onApproval` for leave. Where it is given, the item ends as it
 * is here; else it ends as one that was declined. After `cancel` the turn is interrupted.
 *
 * @example A command that the handler declines
 * ```ts
 * import {
 *   commandExecution,
 *   fakeCodexAppServer,
 *   needsApproval,
 * } from "@acodex/sdk/testing";
 *
 * const codex = fakeCodexAppServer([
 *   needsApproval(commandExecution({ command: "rm -rf build" })),
 * ]);
 * const thread = codex.startThread({ onApproval: () => "decline" });
 * console.log((await thread.run("Tidy up")).items); // one, "declined"
 * ```
 */
export function needsApproval(
  item: ApprovableItem,
  { request = {}, onDecision = () => [] }: ApprovalStepOptions = {},
): ApprovalStep {
  return { play: "approval", item, request, onDecision };
}

/** Makes the request that a handler gets. */
export function toApprovalRequest(
  { item, request }: Pick<ApprovalStep, "item" | "request">,
  threadId: string,
): ApprovalRequest {
  const origin = { threadId, turnId: "turn", itemId: item.id, reason: null };
  return { ...origin, ...requestFor(item), ...request } as ApprovalRequest;
}

function requestFor(
  item: ApprovableItem,
): Partial<ApprovalRequest> {
  switch (item.type) {
    case "command_execution":
      return {
        type: "command",
        command: item.command,
        cwd: "/",
        network: null,
      };
    case "file_change":
      return {
        type: "file_change",
        changes: item.changes.map((change) => ({ ...change, diff: "" })),
      };
    case "mcp_tool_call":
      return {
        type: "mcp_tool",
        server: item.server,
        tool: item.tool,
        arguments: (item.arguments ?? null) as JsonValue,
        readOnly: false,
        destructive: false,
      };
  }
}

/** Gives an item as it ends without leave. */
export function declined(item: ApprovableItem): ApprovableItem {
  switch (item.type) {
    case "command_execution":
      return {
        ...item,
        aggregated_output: "",
        exit_code: null,
        status: "declined",
      };
    case "file_change":
      return { ...item, status: "failed" };
    case "mcp_tool_call":
      return {
        ...item,
        result: null,
        error: { message: "user rejected MCP tool call" },
        status: "failed",
      };
  }
}
