/**
 * What behaviours expect, in short.
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

/** Waits for a failure of a class, and gives it. */
export async function rejection<E extends Error>(
  awaited: Promise<unknown>,
  // deno-lint-ignore no-explicit-any -- whatever the class is made with
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
 * Fails unless an error tells what cancelled the turn: the signal's reason, or the
 * flag of the blocking client, which no reason crosses.
 */
export function assertCause(error: CodexCancelledError, reason: unknown): void {
  if (CLIENT !== "sync") {
    assert.equal(error.cause, reason);
  } else {
    assert.ok(error.cause instanceof Error);
    assert.equal(error.cause.message, "The CancelFlag has been set");
  }
}

/** The exit code of a turn that has failed: on the server no process is the turn's own. */
export const FAILED_EXIT: number | null = CLIENT === "server" ? null : 1;

/** Takes all events of a turn. */
export async function collect(streamed: StreamedTurn): Promise<ThreadEvent[]> {
  const events: ThreadEvent[] = [];
  for await (const event of streamed.events) events.push(event);
  return events;
}

/** Does something, and fails if it took longer than it may. */
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
