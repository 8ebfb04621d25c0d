import { CodexInputError } from "../errors/codex_error.ts";
import type { Usage } from "../protocol/events.ts";
import { NEW_THREAD, type ThreadOrigin } from "../transport/origin.ts";
import type { SerialQueue } from "../util/serial_queue.ts";
import { NO_USAGE } from "./usage.ts";

/** The origin and the token total that a thread begins with. */
export interface ThreadBeginning {
  /** The origin of the thread. */
  readonly origin: ThreadOrigin;
  /** The initial token total; `null` if it is unknown. */
  readonly usage: Usage | null;
}

/** The facts about a thread between its turns. */
export interface ThreadFacts {
  /** The thread's id; `null` until the CLI has opened it. */
  id: string | null;
  /** The thread's token total so far; `null` if it is unknown. */
  usage: Usage | null;
  /**
   * Returns what the thread begins with; used while it has no id.
   *
   * @throws {CodexInputError} If the thread cannot begin.
   */
  readonly begin: () => ThreadBeginning;
}

/** The state that a thread's turns share. */
export interface ThreadState extends ThreadFacts {
  /** The queue in which its turns wait for each other. */
  readonly queue: SerialQueue;
}

/**
 * Returns what the next turn of a thread begins with.
 *
 * @throws {CodexInputError} If the thread cannot begin.
 */
export function nextBeginning(thread: ThreadFacts): ThreadBeginning {
  return thread.id === null
    ? thread.begin()
    : { origin: NEW_THREAD, usage: thread.usage };
}

/** Returns the facts of a new thread. */
export function newThread(): ThreadFacts {
  const begin = (): ThreadBeginning => ({
    origin: NEW_THREAD,
    usage: NO_USAGE,
  });
  return { id: null, usage: NO_USAGE, begin };
}

/**
 * Returns the facts of a thread that is continued; its earlier usage is unknown unless
 * given (facts F5).
 */
export function resumedThread(
  id: string,
  usageBefore: Usage | null = null,
): ThreadFacts {
  const begin = (): ThreadBeginning => ({
    origin: NEW_THREAD,
    usage: usageBefore,
  });
  return { id, usage: usageBefore, begin };
}

/**
 * Returns the facts of a copy of a thread, which its first turn makes. It begins with
 * what the source has used by then.
 */
export function forkedThread(
  source: Pick<ThreadFacts, "id" | "usage">,
): ThreadFacts {
  const begin = (): ThreadBeginning => {
    const { id, usage } = source;
    if (id === null) {
      throw new CodexInputError(
        "Cannot fork a thread that has not begun: run a turn on it first, or start a new thread",
        { path: "thread" },
      );
    }
    return { origin: { type: "fork", threadId: id }, usage };
  };
  return { id: null, usage: null, begin };
}

/** Returns the facts of the thread that was used last in its folder. */
export function lastThread(): ThreadFacts {
  const begin = (): ThreadBeginning => ({
    origin: { type: "last" },
    usage: null,
  });
  return { id: null, usage: null, begin };
}
