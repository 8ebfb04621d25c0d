import { CodexInputError } from "../errors/codex_error.ts";
import type { Usage } from "../protocol/events.ts";
import { NEW_THREAD, type ThreadOrigin } from "../transport/origin.ts";
import type { SerialQueue } from "../util/serial_queue.ts";
import { NO_USAGE } from "./usage.ts";

/** What a thread begins as, when its first turn does. */
export interface ThreadBeginning {
  /** The thread that it comes from, if it does. */
  readonly origin: ThreadOrigin;
  /** The token total that it begins with; `null` where it is not known. */
  readonly usage: Usage | null;
}

/** What is known of a thread between its turns. */
export interface ThreadFacts {
  /** The thread's id; `null` until the CLI has opened it. */
  id: string | null;
  /** The thread's token total so far; `null` where it is not known. */
  usage: Usage | null;
  /**
   * Says what the thread begins as, while it has no id.
   *
   * @throws {CodexInputError} If it cannot begin.
   */
  readonly begin: () => ThreadBeginning;
}

/** Holds what a thread's turns share. */
export interface ThreadState extends ThreadFacts {
  /** The queue in which its turns wait for each other. */
  readonly queue: SerialQueue;
}

/**
 * Gives what the next turn of a thread begins from.
 *
 * @throws {CodexInputError} If the thread cannot begin.
 */
export function nextBeginning(thread: ThreadFacts): ThreadBeginning {
  return thread.id === null
    ? thread.begin()
    : { origin: NEW_THREAD, usage: thread.usage };
}

/** Gives a new thread. */
export function newThread(): ThreadFacts {
  const begin = (): ThreadBeginning => ({
    origin: NEW_THREAD,
    usage: NO_USAGE,
  });
  return { id: null, usage: NO_USAGE, begin };
}

/** Gives a thread that goes on; what it has used before is not known unless it is told (facts F5). */
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

/** Gives a copy of a thread, made in its first turn: it begins with what that has used by then. */
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

/** Gives the thread that was used last in its folder. */
export function lastThread(): ThreadFacts {
  const begin = (): ThreadBeginning => ({
    origin: { type: "last" },
    usage: null,
  });
  return { id: null, usage: null, begin };
}
