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

/** An item that may need approval. */
export type ApprovableItem =
  | CommandExecutionItem
  | FileChangeItem
  | McpToolCallItem;

/** Options of {@linkcode needsApproval}. */
export interface ApprovalStepOptions {
  /**
   * Fields of the request that the item does not have, such as `reason`, `cwd`, or the
   * `diff` of changes.
   */
  readonly request?: Partial<ApprovalRequest>;
  /** Returns further steps after an answer other than `cancel`; by default there are none. */
  readonly onDecision?: (
    decision: Exclude<ApprovalDecision, "cancel">,
  ) => PlayedServerTurn;
}

/** A step that asks for approval; created by {@linkcode needsApproval}. */
export interface ApprovalStep extends Required<ApprovalStepOptions> {
  /** Identifies the kind of step. */
  readonly play: "approval";
  /** The item, as it ends if it is approved. */
  readonly item: ApprovableItem;
}

/** A step of a turn on a fake server: a step of any turn, or an approval. */
export type ServerStep = PlayedStep | ApprovalStep;

/** A turn that is played on a fake server: a list of steps, or a single one. */
export type PlayedServerTurn = ServerStep | readonly ServerStep[];

/** Asks for approval; the signal withdraws the request. */
export type AskApproval = (
  request: ApprovalRequest,
  signal: AbortSignal,
) => Promise<Decided<ApprovalDecision>>;

/**
 * Begins an item, and asks `onApproval` for approval. If it is approved, the item ends as
 * given; otherwise it ends as declined. `cancel` also interrupts the turn.
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

/** Builds the request that a handler receives. */
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

/** Returns an item as it ends if it is declined. */
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
