import { CodexProtocolError } from "../errors/protocol_errors.ts";
import {
  CodexThreadNotFoundError,
  type CodexTurnError,
} from "../errors/turn_errors.ts";
import { isSameThread, isThreadId, threadTime } from "../input/thread_id.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import { quoted, shorten } from "../util/text.ts";
import type { ThreadOrigin } from "../transport/origin.ts";
import type { TurnRequest } from "../transport/transport.ts";
import type { TurnState } from "./state.ts";
import type { ThreadState } from "./thread_state.ts";

/**
 * Follows which thread the CLI opens in an attempt at a turn, and records it for the
 * thread's next turns.
 *
 * Anything that can write to the CLI's stdout must not decide which thread a prompt is
 * sent to. If stdout is a pipe, the agent's commands can write to it under full access. A
 * thread that is not the turn's therefore ends the turn.
 */
export class OpenedThread {
  readonly #thread: ThreadState;
  readonly #requested: Pick<TurnRequest, "threadId" | "origin">;
  readonly #begun = Date.now();
  readonly #before: Pick<ThreadState, "id" | "usage">;
  #isOpened = false;
  #hasBegun = false;

  /** Starts to follow an attempt, which continues a thread or opens one. */
  constructor(
    thread: ThreadState,
    requested: Pick<TurnRequest, "threadId" | "origin">,
  ) {
    this.#thread = thread;
    this.#requested = requested;
    this.#before = { id: requested.threadId, usage: thread.usage };
  }

  /**
   * Records an event.
   *
   * @param redact Removes secrets from text that is quoted in an error.
   * @returns The error for a thread that is not the turn's.
   */
  note(
    event: ThreadEvent,
    redact: (text: string) => string,
  ): CodexTurnError | undefined {
    if (event.type !== "thread.started") {
      this.#hasBegun ||= isOfTurn(event);
      return undefined;
    }
    const opened = event.thread_id;
    // A command of the agent may have written it (facts F35).
    if (!isThreadId(opened)) {
      return unexpected(
        `Cannot use ${
          quoted(shorten(redact(opened), 100))
        } as a thread id: it is not a UUID`,
      );
    }
    const { threadId, origin } = this.#requested;
    const expected = this.#isOpened ? this.#thread.id : threadId;
    if (expected !== null && !isSameThread(opened, expected)) {
      return this.#isOpened
        ? unexpected(
          `Cannot continue thread ${expected}: the CLI reported thread ${opened} in the same turn`,
        )
        : new CodexThreadNotFoundError(
          `Cannot resume thread ${expected}: the CLI opened thread ${opened} instead`,
          { requestedThreadId: expected, openedThreadId: opened },
        );
    }
    if (expected === null) {
      const error = originError(origin, opened, this.#begun);
      if (error !== undefined) return error;
    }
    this.#thread.id = opened;
    this.#isOpened = true;
    return undefined;
  }

  /** Records the thread's state after the attempt. */
  settle({ status, usage }: TurnState): void {
    if (!this.#isOpened) return;
    if (this.#hasBegun) {
      // The usage is unknown until a turn is complete.
      this.#thread.usage = status === "completed" ? usage : null;
    } else {
      // The CLI may not have written the thread yet, and no turn has begun on it (facts
      // F25).
      Object.assign(this.#thread, this.#before);
    }
  }
}

/** Returns the error for a thread that does not have the requested origin. */
function originError(
  origin: ThreadOrigin,
  opened: string,
  begunMs: number,
): CodexTurnError | undefined {
  switch (origin.type) {
    case "new":
      return undefined;
    case "fork":
      return isSameThread(opened, origin.threadId)
        ? unexpected(
          `Cannot fork thread ${opened}: the CLI continued it instead of copying it`,
        )
        : undefined;
    case "last": {
      // If there is no last thread, the CLI opens a new one and does not say so (facts
      // F9).
      const madeMs = threadTime(opened);
      return madeMs === undefined || madeMs < begunMs
        ? undefined
        : new CodexThreadNotFoundError(
          "Cannot resume the last thread: this folder has none, and the CLI opened a new one",
          { requestedThreadId: "", openedThreadId: opened },
        );
    }
  }
}

function unexpected(message: string): CodexProtocolError {
  return new CodexProtocolError(message, {
    code: "unexpected_event",
    lineNumber: null,
  });
}

/**
 * Tells whether an event shows that the turn has begun; notices may come earlier (facts
 * F3).
 */
function isOfTurn(event: ThreadEvent): boolean {
  switch (event.type) {
    case "thread.started":
    case "error":
    case "unknown":
    case "attempt.started":
      return false;
    case "item.started":
    case "item.updated":
    case "item.completed":
      return event.item.type !== "error";
    default:
      return true;
  }
}
