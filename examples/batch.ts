/**
 * Runs the same task in many folders, two at a time. A failure does not stop the others;
 * Ctrl-C ends all. Needs `npm install p-map`.
 *
 * ```sh
 * node examples/batch.ts "Update the licence year" a b c   # or: bun …, deno run -A …
 * ```
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { Codex, CodexError } from "@acodex/sdk";
import process from "node:process";
import pMap from "p-map";

const [task = "Update the licence year", ...folders] = process.argv.slice(2);
const codex = new Codex();
const controller = new AbortController();
process.once("SIGINT", () => controller.abort());

const results = await pMap(folders, runIn, { concurrency: 2 });
console.table(results);
process.exitCode = results.every(({ error }) => error === "") ? 0 : 1;

/** Runs the task in a folder. */
async function runIn(folder: string) {
  const thread = codex.startThread({
    workingDirectory: folder,
    sandboxMode: "workspace-write",
  });
  try {
    const turn = await thread.run(task, {
      // For the turns, not for p-map, which would not wait for the turns it abandons.
      signal: controller.signal,
      timeoutMs: 20 * 60_000,
    });
    const files = turn.changedFiles.length;
    return { folder, files, tokens: turn.turnUsage?.output_tokens, error: "" };
  } catch (error) {
    if (!(error instanceof CodexError)) throw error;
    return { folder, files: 0, tokens: undefined, error: error.message };
  }
}
