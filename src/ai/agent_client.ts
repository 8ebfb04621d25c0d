import type {
  Input,
  ResumeOptions,
  ThreadOptions,
  TurnOptions,
} from "../options/options.ts";
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
    },
  ): Promise<AgentTurn>;
}

/** A turn that is handed out as it goes: a {@linkcode StreamedTurn}, of either client. */
export interface AgentTurn {
  /** The events, to be gone through once. */
  readonly events: AsyncGenerator<StreamedEvent, void, void>;
  /** The turn, once all events have been taken. */
  readonly result: Turn;
}
