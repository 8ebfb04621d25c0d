import type { FileUpdateChange } from "../protocol/items.ts";
import type { JsonValue } from "../protocol/json.ts";

/** What every request for leave says. */
export interface ApprovalOrigin {
  /** The thread that asks: the turn's, or that of an agent that the turn has started. */
  readonly threadId: string;
  /** Its turn, as the server names it. */
  readonly turnId: string;
  /** The item that waits, as `item.started` named it; empty where there is none. */
  readonly itemId: string;
  /** The agent's words on why it asks; `null` if it gave none. */
  readonly reason: string | null;
}

/** The agent wants to run a command that its sandbox does not let it run. */
export interface CommandApproval extends ApprovalOrigin {
  /** Tells this kind of request from the others. */
  readonly type: "command";
  /** The command line, as the shell gets it. */
  readonly command: string;
  /** The folder that it runs in. */
  readonly cwd: string;
  /** The host that it wants to reach, where that is the question; `null` otherwise. */
  readonly network: {
    /** The host's name. */
    readonly host: string;
    /** The protocol, such as `https`. */
    readonly protocol: string;
  } | null;
}

/** The agent wants to type into a command that runs outside its sandbox. */
export interface TerminalInputApproval extends ApprovalOrigin {
  /** Tells this kind of request from the others. */
  readonly type: "terminal_input";
  /** What it wants to type. */
  readonly input: string;
}

/** One file of a patch, with its part of the diff. */
export interface ProposedChange extends FileUpdateChange {
  /** The change: a unified diff, or the content of a file that is added or deleted. */
  readonly diff: string;
}

/** The agent wants to change files that its sandbox does not let it change. */
export interface FileChangeApproval extends ApprovalOrigin {
  /** Tells this kind of request from the others. */
  readonly type: "file_change";
  /** The changes, in order. */
  readonly changes: readonly ProposedChange[];
}

/** The agent wants to call a tool of an MCP server that may change something. */
export interface McpToolApproval extends ApprovalOrigin {
  /** Tells this kind of request from the others. */
  readonly type: "mcp_tool";
  /** The MCP server's name in the configuration. */
  readonly server: string;
  /** The tool's name. */
  readonly tool: string;
  /** The arguments of the call. */
  readonly arguments: JsonValue;
  /** True if the server says that the tool changes nothing. */
  readonly readOnly: boolean;
  /** True if the server says that the tool may destroy something. */
  readonly destructive: boolean;
}

/** What the agent asks leave for. A request of any other kind is declined before it gets here. */
export type ApprovalRequest =
  | CommandApproval
  | TerminalInputApproval
  | FileChangeApproval
  | McpToolApproval;

/**
 * The answer to a request: `decline` lets the turn go on without it, `cancel` ends the
 * turn. Nothing is remembered beyond the server's life: `acceptForSession` answers
 * requests of the same kind until then.
 */
export type ApprovalDecision =
  | "accept"
  | "acceptForSession"
  | "decline"
  | "cancel";

/** Options of a call of an {@linkcode ApprovalHandler}. */
export interface ApprovalContext {
  /** Aborted when the answer is no longer wanted: the turn has ended, or its time is up. */
  readonly signal: AbortSignal;
}

/**
 * Decides on a request; may be called for several at once. What it throws, and an answer
 * that is none of the four, is a `decline` and a warning of the turn. An `async` function
 * that always gives the same word writes it `"accept" as const`, for the compiler. It must
 * not wait for another turn of the same thread, which comes after the one that asks.
 */
export type ApprovalHandler = (
  request: ApprovalRequest,
  context: ApprovalContext,
) => ApprovalDecision | Promise<ApprovalDecision>;
