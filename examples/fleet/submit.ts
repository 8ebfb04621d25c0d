/**
 * Puts tasks into the queue and prints a line for each change of their state:
 * `node submit.ts FOLDER "Update the licence year" "Find dead code"`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import type { Job } from "bullmq";
import { randomUUID } from "node:crypto";
import { argv, exit } from "node:process";
import { openEvents, openQueue } from "./queue.ts";
import type { Answer, Task } from "./task.ts";

/** How often a job is looked at whose end no event has told, in ms. */
const LOOK_MS = 5_000;

const [folder = ".", ...prompts] = argv.slice(2);
if (prompts.length === 0) throw new Error("Usage: submit.ts FOLDER PROMPT…");
const queue = openQueue();
const events = openEvents();
// Before the first job: events without a listener are lost.
await events.waitUntilReady();
// Choose the ids first, so that they are known before anything happens to the jobs.
const tasks = prompts.map((prompt) => ({
  name: "task",
  data: { prompt, workingDirectory: folder },
  opts: { jobId: randomUUID() },
}));
const own = new Set<string>(tasks.map(({ opts }) => opts.jobId));
events.on("progress", ({ jobId, data }) => tell(jobId, "progress", data));
events.on("stalled", ({ jobId }) => tell(jobId, "stalled", ""));

for (const { opts } of tasks) tell(opts.jobId, "added", "");
const jobs = await queue.addBulk(tasks);
const outcomes = await Promise.all(jobs.map(async (job) => {
  const { id = "" } = job;
  try {
    tell(id, "completed", await untilFinished(job));
    return true;
  } catch (error) {
    tell(id, "failed", error instanceof Error ? error.message : String(error));
    return false;
  }
}));

await Promise.all([events.close(), queue.close()]);
exit(outcomes.every(Boolean) ? 0 : 1);

/**
 * Waits for the end of a job. Also polls, because on PostgreSQL an event may be lost if two
 * jobs end at the same time.
 */
async function untilFinished(job: Job<Task, Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await job.waitUntilFinished(events, LOOK_MS);
    } catch (error) {
      const state = await job.getState();
      if (state === "failed" || state === "unknown") throw error;
    }
  }
}

function tell(id: string, what: string, value: unknown): void {
  if (!own.has(id)) return;
  console.log(`${id} ${what} ${JSON.stringify(value)}`);
}
