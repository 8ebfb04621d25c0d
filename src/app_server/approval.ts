import type { FileUpdateChange } from "../protocol/items.ts";
import type { JsonValue } from "../protocol/json.ts";

/** The fields that all approval requests share. */
export interface ApprovalOrigin {
  /** The id of the thread that asks: the turn's, or that of an agent that the turn started. */
  readonly threadId: string;
  /** The server's id of the turn that asks. */
  readonly turnId: string;
  /** The id of the waiting item, as in `item.started`; empty if there is no such item. */
  readonly itemId: string;
  /** The reason that the agent gives; `null` if it gives none. */
  readonly reason: string | null;
}

/** A request to run a command that the sandbox does not allow. */
export interface CommandApproval extends ApprovalOrigin {
  /** Identifies the kind of request. */
  readonly type: "command";
  /** The command line, as passed to the shell. */
  readonly command: string;
  /** The folder that the command runs in. */
  readonly cwd: string;
  /** The host that the command wants to reach, if that is the question; `null` otherwise. */
  readonly network: {
    /** The host's name. */
    readonly host: string;
    /** The protocol, such as `https`. */
    readonly protocol: string;
  } | null;
}

/** A request to type into a command that runs outside the sandbox. */
export interface TerminalInputApproval extends ApprovalOrigin {
  /** Identifies the kind of request. */
  readonly type: "terminal_input";
  /** The text to type. */
  readonly input: string;
}

/** One changed file of a patch, with its part of the diff. */
export interface ProposedChange extends FileUpdateChange {
  /** A unified diff, or the content of a file that is added or deleted. */
  readonly diff: string;
}

/** A request to change files that the sandbox does not allow changing. */
export interface FileChangeApproval extends ApprovalOrigin {
  /** Identifies the kind of request. */
  readonly type: "file_change";
  /** The changes, in order. */
  readonly changes: readonly ProposedChange[];
}

/** A request to call a tool of an MCP server that may change something. */
export interface McpToolApproval extends ApprovalOrigin {
  /** Identifies the kind of request. */
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

/** A request for approval. Requests of any other kind are declined without asking. */
export type ApprovalRequest =
  | CommandApproval
  | TerminalInputApproval
  | FileChangeApproval
  | McpToolApproval;

/**
 * The answer to an approval request. `decline` continues the turn without it; `cancel`
 * ends the turn. `acceptForSession` also accepts requests of the same kind until the
 * server ends; nothing is remembered beyond that.
 */
export type ApprovalDecision =
  | "accept"
  | "acceptForSession"
  | "decline"
  | "cancel";

/** The second argument of an {@linkcode ApprovalHandler}. */
export interface ApprovalContext {
  /** Aborted when the answer is no longer needed: the turn has ended, or the time for the answer is up. */
  readonly signal: AbortSignal;
}

/**
 * Decides on an approval request. May be called for several requests at once. If it throws,
 * or returns something other than the four decisions, the answer is `decline` and the turn
 * gets a warning. It must not wait for another turn of the same thread: that one runs only
 * after the turn that asks. An `async` function that always returns the same decision has
 * to write it as `"accept" as const` to compile.
 */
export type ApprovalHandler = (
  request: ApprovalRequest,
  context: ApprovalContext,
) => ApprovalDecision | Promise<ApprovalDecision>;
