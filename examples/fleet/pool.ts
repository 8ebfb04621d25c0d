/**
 * Runs the same tasks in one process, without a queue: if it dies, unfinished tasks start over.
 * `node pool.ts FOLDER "Update the licence year" "Find dead code"`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { Codex } from "@acodex/sdk";
import { pMapSettled } from "p-map";
import process, { argv, env, exit } from "node:process";
import { sandboxOptions } from "./sandbox.ts";
import { runTask } from "./task.ts";

const [folder = ".", ...prompts] = argv.slice(2);
const codex = new Codex();
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

const outcomes = await pMapSettled(
  prompts,
  async (prompt, index) => {
    // The signal goes only to the turns: p-map's own would not wait for their CLIs.
    stop.signal.throwIfAborted();
    const answer = await runTask({ prompt, workingDirectory: folder }, {
      codex,
      threadOptions: sandboxOptions(),
      signal: stop.signal,
      onProgress: (itemType) => console.log(`${index} progress ${itemType}`),
    });
    console.log(`${index} completed ${JSON.stringify(answer)}`);
  },
  { concurrency: Number(env.FLEET_CONCURRENCY ?? 4) },
);
let failed = 0;
for (const [index, outcome] of outcomes.entries()) {
  if (outcome.status === "fulfilled") continue;
  failed += 1;
  console.log(`${index} failed ${outcome.reason}`);
}
exit(failed === 0 ? 0 : 1);
