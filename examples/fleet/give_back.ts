/**
 * Decides about a job whose turn ended without an answer: it goes back to the queue at once
 * or later, or it fails.
 *
 * @module
 */
import {
  CodexConfigError,
  CodexInputError,
  CodexOutputSchemaError,
  CodexThreadBusyError,
  CodexTurnError,
} from "@acodex/sdk";
import { CodexThreadConflictError } from "@acodex/sdk/threads";
import {
  DelayedError,
  type Job,
  type Queue,
  UnrecoverableError,
  Worker,
} from "bullmq";

/** Reasons of a running job's signal: why it is stopped. */
export const CANCELLED = "cancelled";
/** Another worker has the job. */
export const LOCK_LOST = "lock lost";
/** The worker is shutting down. */
export const DRAINED = "drained";

/** The delay before a job with a busy thread is tried again, in ms. */
const BUSY_MS = 3_000;

/** The time that all workers pause after a 429, in ms. */
const RATE_LIMIT_MS = 30_000;

/** Moves a job back, or throws an error that fails it: permanently, or until its next attempt. */
export async function giveBack(
  job: Job,
  token: string,
  queue: Queue,
  error: unknown,
  stopReason: unknown,
): Promise<never> {
  if (stopReason === CANCELLED) throw new UnrecoverableError(CANCELLED);
  if (stopReason === DRAINED) return await moveBack(job, token, 0);
  if (isElsewhere(error)) {
    // This uses up no attempt: the job has not failed.
    return await moveBack(job, token, BUSY_MS * (1 + Math.random()));
  }
  if (error instanceof CodexTurnError && error.reason === "rate_limit") {
    await queue.rateLimit(RATE_LIMIT_MS);
    throw Worker.RateLimitError();
  }
  if (!mayPass(error)) throw new UnrecoverableError(readMessage(error));
  throw error;
}

/** Tells whether another worker has the thread, or had it a moment ago. */
function isElsewhere(error: unknown): boolean {
  return error instanceof CodexThreadBusyError ||
    error instanceof CodexThreadConflictError;
}

/** Tells whether another attempt may succeed; true if nothing is known. */
function mayPass(error: unknown): boolean {
  if (error instanceof CodexTurnError) {
    return error.retryable || error.reason === "other";
  }
  return !(error instanceof CodexInputError ||
    error instanceof CodexConfigError ||
    error instanceof CodexOutputSchemaError);
}

async function moveBack(
  job: Job,
  token: string,
  delayMs: number,
): Promise<never> {
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
}

function readMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
