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
 * A client whose threads run the turns of a model: a {@linkcode Codex}, or a
 * `CodexAppServer`, which streams text as it is written.
 *
 * @typeParam O The options of its threads.
 */
export interface AgentClient<O extends ThreadOptions = ThreadOptions> {
  /** Starts a new thread. */
  startThread(options?: O): AgentThread;
  /** Resumes a thread by its id. */
  resumeThread(id: string, options?: O & ResumeOptions): AgentThread;
}

/** A thread of an {@linkcode AgentClient}. */
export interface AgentThread {
  /** Prepares a turn that yields its events as they arrive. */
  runStreamed(
    input: Input,
    options: TurnOptions & {
      /** Requests pieces of messages between the events. */
      readonly deltas?: boolean;
      /** Decides on actions that the agent may not take without approval. */
      readonly onApproval?: (
        request: AgentApproval,
        context: {
          /** Aborted when the answer is no longer needed. */
          readonly signal: AbortSignal;
        },
      ) => Promise<"accept" | "decline">;
    },
  ): Promise<AgentTurn>;
}

/** A request of the agent for approval: an `ApprovalRequest` of a `CodexAppServer`. */
export interface AgentApproval {
  /** The kind: `command`, `terminal_input`, `file_change` or `mcp_tool`. */
  readonly type: string;
  /** The id of the waiting item, as in `item.started`; empty if there is no such item. */
  readonly itemId: string;
  /** The reason that the agent gives; `null` if it gives none. */
  readonly reason: string | null;
  /** The command line of a `command`. */
  readonly command?: string;
  /** The folder that a `command` runs in. */
  readonly cwd?: string;
  /** The host that a `command` wants to reach, if that is the question; `null` otherwise. */
  readonly network?: {
    /** The host's name. */
    readonly host: string;
    /** The protocol, such as `https`. */
    readonly protocol: string;
  } | null;
  /** The text to type, of a `terminal_input`. */
  readonly input?: string;
  /** The changes of a `file_change`, in order. */
  readonly changes?: readonly {
    /** The file. */
    readonly path: string;
    /** The kind of change: `add`, `delete` or `update`. */
    readonly kind: string;
    /** A unified diff, or the content of a file that is added or deleted. */
    readonly diff: string;
  }[];
  /** The MCP server of an `mcp_tool`. */
  readonly server?: string;
  /** The tool of an `mcp_tool`. */
  readonly tool?: string;
  /** The arguments of an `mcp_tool`. */
  readonly arguments?: JsonValue;
}

/** A streamed turn: a {@linkcode StreamedTurn} of either client. */
export interface AgentTurn {
  /** The events, which can be read once. */
  readonly events: AsyncGenerator<StreamedEvent, void, void>;
  /** The turn, once all events have been read. */
  readonly result: Turn;
}
