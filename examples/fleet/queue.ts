/**
 * The queue, on Redis (`REDIS_URL`) or PostgreSQL (`DATABASE_URL`), and the rest that workers
 * and submitters share.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import {
  type ConnectionOptions,
  createPostgresBackend,
  createPostgresRelayBackend,
  Queue,
  QueueEvents,
  Relay,
  type RelaySubscription,
  setDefaultBackendFactory,
} from "bullmq";
import { env } from "node:process";
import type { Answer, Task } from "./task.ts";

export const DATABASE_URL = env.DATABASE_URL;
export const REDIS_URL = env.REDIS_URL ?? "redis://127.0.0.1:6379";

/** The name of the queue. */
export const QUEUE = "codex";

const postgres = DATABASE_URL === undefined
  ? undefined
  : { connectionString: DATABASE_URL, migrate: true };

if (postgres !== undefined) setDefaultBackendFactory(createPostgresBackend);

/** The connection of queues, workers and events. */
export const connection: ConnectionOptions = postgres ??
  { url: REDIS_URL, maxRetriesPerRequest: null };

/** The time that a cancellation is kept for a worker that takes the job, in ms. */
const CANCEL_KEPT_MS = 24 * 60 * 60_000;

/** Opens the queue. */
export function openQueue(): Queue<Task, Answer> {
  const queue = new Queue<Task, Answer>(QUEUE, {
    connection,
    defaultJobOptions: {
      // For temporary failures; others fail the job at once (worker.ts).
      attempts: 5,
      backoff: { type: "exponential", delay: 5_000, jitter: 0.5 },
      // Keep answers and prompts only as long as they are needed.
      removeOnComplete: { age: 60 * 60, count: 1_000 },
      removeOnFail: { age: 7 * 24 * 60 * 60 },
    },
  });
  queue.on("error", report);
  return queue;
}

/** Opens the events of all jobs, on all machines. */
export function openEvents(): QueueEvents<Answer> {
  const events = new QueueEvents<Answer>(QUEUE, { connection });
  events.on("error", report);
  return events;
}

/** Opens the channel on which processes announce which job is cancelled. */
export function openRelay(): Relay {
  const namespace = QUEUE;
  const backend = createPostgresRelayBackend;
  const relay: Relay = postgres === undefined
    ? new Relay({ connection, namespace })
    : new Relay({ connection: postgres, namespace, backend });
  relay.on("error", report);
  return relay;
}

/** Reports an error that ends nothing: connections are reopened. */
export function report(error: Error): void {
  console.error(error.message);
}

/** Cancels a waiting or running job, in any process. */
export async function cancelJob(relay: Relay, id: string): Promise<void> {
  await relay.publish(cancelTopic(id), true, { retain: CANCEL_KEPT_MS });
}

/** Calls `cancel` when a job is cancelled, or at once if it already is. */
export async function whenCancelled(
  relay: Relay,
  id: string,
  cancel: () => void,
): Promise<RelaySubscription> {
  return await relay.subscribe(cancelTopic(id), cancel);
}

function cancelTopic(id: string): string {
  return `cancelled.${id}`;
}
