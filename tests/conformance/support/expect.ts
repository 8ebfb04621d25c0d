/**
 * Assertions that behaviours share.
 *
 * @module
 */

import assert from "node:assert/strict";
import type {
  CodexCancelledError,
  StreamedTurn,
  ThreadEvent,
} from "@acodex/sdk";
import { CLIENT } from "./client.ts";

/** Waits for a promise to reject with an error of a class, and returns the error. */
export async function rejection<E extends Error>(
  awaited: Promise<unknown>,
  // deno-lint-ignore no-explicit-any -- the constructor's parameters do not matter
  type: abstract new (...args: any[]) => E,
): Promise<E> {
  try {
    await awaited;
  } catch (error) {
    if (error instanceof type) return error;
    throw new Error(`Expected a ${type.name}`, { cause: error });
  }
  assert.fail(`Expected a ${type.name}, and nothing failed`);
}

/**
 * Fails unless an error's cause is what cancelled the turn: the signal's reason or, for
 * the blocking client, the flag, because a reason does not cross threads.
 */
export function assertCause(error: CodexCancelledError, reason: unknown): void {
  if (CLIENT !== "sync") {
    assert.equal(error.cause, reason);
  } else {
    assert.ok(error.cause instanceof Error);
    assert.equal(error.cause.message, "The CancelFlag has been set");
  }
}

/** The exit code of a failed turn; `null` on the server, where turns share a process. */
export const FAILED_EXIT: number | null = CLIENT === "server" ? null : 1;

/** Reads all events of a turn. */
export async function collect(streamed: StreamedTurn): Promise<ThreadEvent[]> {
  const events: ThreadEvent[] = [];
  for await (const event of streamed.events) events.push(event);
  return events;
}

/** Runs an action, and fails if it took longer than `ms`. */
export async function inTime<T>(
  ms: number,
  action: () => Promise<T>,
): Promise<T> {
  const start = Date.now();
  const value = await action();
  const took = Date.now() - start;
  assert.ok(took <= ms, `It took ${took} ms, and may take ${ms} ms`);
  return value;
}
