/**
 * Prints the id of each job as it is completed, whoever has submitted it. It is put into
 * the example's project.
 *
 * @module
 */
// deno-lint-ignore-file no-console
interface Events {
  waitUntilReady(): Promise<unknown>;
  on(event: "completed", listener: (args: { jobId: string }) => void): unknown;
}

// It lies beside this file there, and not here.
const { openEvents } = await import(new URL("queue.ts", import.meta.url).href);
const events: Events = openEvents();
events.on("completed", ({ jobId }) => console.log(jobId));
await events.waitUntilReady();
console.log("ready");
