/**
 * Puts tasks into the queue and tells what becomes of them, a line each time:
 * `node submit.ts FOLDER "Update the licence year" "Find dead code"`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { randomUUID } from "node:crypto";
import { argv, exit } from "node:process";
import { openEvents, openQueue } from "./queue.ts";

const [folder = ".", ...prompts] = argv.slice(2);
const queue = openQueue();
const events = openEvents();
// Before there is a job: an event that nobody waits for is gone.
await events.waitUntilReady();
// The ids are known before anything can happen to the jobs.
const tasks = prompts.map((prompt) => ({
  name: "task",
  data: { prompt, workingDirectory: folder },
  opts: { jobId: randomUUID() },
}));
const own = new Set<string>(tasks.map(({ opts }) => opts.jobId));
events.on("progress", ({ jobId, data }) => tell(jobId, "progress", data));
events.on("stalled", ({ jobId }) => tell(jobId, "stalled", ""));
events.on("completed", ({ jobId, returnvalue }) => {
  tell(jobId, "completed", returnvalue);
});
events.on("failed", ({ jobId, failedReason }) => {
  tell(jobId, "failed", failedReason);
});

for (const { opts } of tasks) tell(opts.jobId, "added", "");
const jobs = await queue.addBulk(tasks);
const outcomes = await Promise.allSettled(
  jobs.map((job) => job.waitUntilFinished(events)),
);

await Promise.all([events.close(), queue.close()]);
exit(outcomes.every(({ status }) => status === "fulfilled") ? 0 : 1);

function tell(id: string, what: string, value: unknown): void {
  if (!own.has(id)) return;
  console.log(`${id} ${what} ${JSON.stringify(value)}`);
}
