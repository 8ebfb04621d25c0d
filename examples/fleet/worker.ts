/**
 * A worker: takes jobs from the queue and runs them until it is stopped. Start one per
 * machine: `node worker.ts`, `bun worker.ts`, `deno run -A worker.ts`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { Codex } from "@acodex/sdk";
import { CodexAppServer } from "@acodex/sdk/app-server";
import { type Job, Worker } from "bullmq";
import process, { env } from "node:process";
import { Checkpoints } from "./checkpoints.ts";
import { CANCELLED, DRAINED, giveBack, LOCK_LOST } from "./give_back.ts";
import {
  connection,
  openQueue,
  openRelay,
  QUEUE,
  report,
  whenCancelled,
} from "./queue.ts";
import { sandboxOptions } from "./sandbox.ts";
import { openStore } from "./stores.ts";
import { type Answer, runTask, type Task } from "./task.ts";

/** The lifetime of a job's lock, in ms: a worker that is silent for longer has lost it. */
const LOCK_MS = Number(env.FLEET_LOCK_MS ?? 30_000);

/** The time that turns may continue after SIGTERM, in ms; Kubernetes allows 30 s in all. */
const DRAIN_MS = Number(env.FLEET_DRAIN_MS ?? 20_000);

/** A process for each turn, or a server for all of them. */
const codex = env.FLEET_SERVER === "1" ? new CodexAppServer() : new Codex();
const queue = openQueue();
const relay = openRelay();
// Workers with separate `CODEX_HOME`s exchange threads through a store.
const opened = env.FLEET_STORE === "1" ? await openStore() : undefined;

const worker = new Worker<Task, Answer>(QUEUE, work, {
  connection,
  // Set it by the cores: a turn that waits for the model costs only memory (docs/fleet.md).
  concurrency: Number(env.FLEET_CONCURRENCY ?? 4),
  // For all workers together: the service's limit.
  limiter: { max: Number(env.FLEET_PER_MINUTE ?? 600), duration: 60_000 },
  lockDuration: LOCK_MS,
  stalledInterval: LOCK_MS / 2,
  // A worker that dies is not the job's fault, no matter how often (the default is once).
  // The number of starts limits a job that kills its workers.
  maxStalledCount: 30,
  maxStartedAttempts: 30,
});
worker.on("lockRenewalFailed", (ids) => {
  for (const id of ids) worker.cancelJob(id, LOCK_LOST);
});
worker.on("error", report);
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, drain);
await worker.waitUntilReady();
console.log("ready");

/** Runs a job. BullMQ counts the parameters: only a third one without a default gets a signal. */
async function work(
  job: Job<Task, Answer>,
  token: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { id = "", data } = job;
  if (token === undefined) throw new Error(`Job ${id} has no lock`);
  const cancel = () => worker.cancelJob(id, CANCELLED);
  const subscription = await whenCancelled(relay, id, cancel);
  try {
    return await runTask(data, {
      codex,
      threadOptions: sandboxOptions(),
      signal,
      async onThread(threadId) {
        // Not after a freeze: another worker has the job.
        if (await job.extendLock(token, LOCK_MS) !== 1) {
          throw new Error(LOCK_LOST);
        }
        await job.updateData({ ...data, threadId });
      },
      // A failed progress report does not end the turn.
      onProgress: (itemType) => job.updateProgress({ itemType }).catch(report),
      checkpoints: opened && new Checkpoints(opened.store),
    });
  } catch (error) {
    return await giveBack(job, token, queue, error, signal?.reason);
  } finally {
    await subscription.unsubscribe().catch(report);
  }
}

/** Takes no more jobs, waits for running ones, and gives back those that take too long. */
async function drain(): Promise<void> {
  const late = setTimeout(() => worker.cancelAllJobs(DRAINED), DRAIN_MS);
  await worker.close();
  clearTimeout(late);
  await Promise.all([relay.close(), queue.close(), opened?.close()]);
  if (codex instanceof CodexAppServer) await codex.close();
}
