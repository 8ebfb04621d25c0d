/**
 * Prints the id of each completed job, no matter who submitted it. It is copied into
 * the example's project.
 *
 * @module
 */
// deno-lint-ignore-file no-console
interface Events {
  waitUntilReady(): Promise<unknown>;
  on(event: "completed", listener: (args: { jobId: string }) => void): unknown;
}

// The module is next to this file only in the example's project.
const { openEvents } = await import(new URL("queue.ts", import.meta.url).href);
const events: Events = openEvents();
events.on("completed", ({ jobId }) => console.log(jobId));
await events.waitUntilReady();
console.log("ready");
