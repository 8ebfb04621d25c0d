import type {
  Input,
  ResumeOptions,
  ThreadOptions,
  TurnOptions,
} from "../options/options.ts";
import type { JsonValue } from "../protocol/json.ts";
import type { StreamedEvent } from "../protocol/deltas.ts";
import type { Turn } from "../turn/turn.ts";

/**
 * A client whose threads a model runs its turns on: a {@linkcode Codex}, or a
 * `CodexAppServer`, whose text comes as it is written.
 *
 * @typeParam O The options of its threads.
 */
export interface AgentClient<O extends ThreadOptions = ThreadOptions> {
  /** Starts a new thread. */
  startThread(options?: O): AgentThread;
  /** Resumes a thread by its id. */
  resumeThread(id: string, options?: O & ResumeOptions): AgentThread;
}

/** A thread of such a client. */
export interface AgentThread {
  /** Prepares a turn whose events are handed out as they come. */
  runStreamed(
    input: Input,
    options: TurnOptions & {
      /** Asks for pieces of messages between the events. */
      readonly deltas?: boolean;
      /** Decides on what the agent may not do by itself. */
      readonly onApproval?: (
        request: AgentApproval,
        context: {
          /** Aborted when the answer is no longer wanted. */
          readonly signal: AbortSignal;
        },
      ) => Promise<"accept" | "decline">;
    },
  ): Promise<AgentTurn>;
}

/** What the agent asks leave for: an `ApprovalRequest` of a `CodexAppServer`. */
export interface AgentApproval {
  /** The kind: `command`, `terminal_input`, `file_change` or `mcp_tool`. */
  readonly type: string;
  /** The item that waits, as `item.started` named it; empty where there is none. */
  readonly itemId: string;
  /** The agent's words on why it asks; `null` if it gave none. */
  readonly reason: string | null;
  /** The command line of a `command`. */
  readonly command?: string;
  /** The folder that a `command` runs in. */
  readonly cwd?: string;
  /** The host that a `command` wants to reach, where that is the question; `null` otherwise. */
  readonly network?: {
    /** The host's name. */
    readonly host: string;
    /** The protocol, such as `https`. */
    readonly protocol: string;
  } | null;
  /** What is typed, of a `terminal_input`. */
  readonly input?: string;
  /** The changes of a `file_change`, in order. */
  readonly changes?: readonly {
    /** The file. */
    readonly path: string;
    /** The kind of change: `add`, `delete` or `update`. */
    readonly kind: string;
    /** The change: a unified diff, or the content of a file that is added or deleted. */
    readonly diff: string;
  }[];
  /** The MCP server of an `mcp_tool`. */
  readonly server?: string;
  /** The tool of an `mcp_tool`. */
  readonly tool?: string;
  /** The arguments of an `mcp_tool`. */
  readonly arguments?: JsonValue;
}

/** A turn that is handed out as it goes: a {@linkcode StreamedTurn}, of either client. */
export interface AgentTurn {
  /** The events, to be gone through once. */
  readonly events: AsyncGenerator<StreamedEvent, void, void>;
  /** The turn, once all events have been taken. */
  readonly result: Turn;
}
