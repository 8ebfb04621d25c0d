/**
 * The same task in many folders, two at a time; one that fails does not stop the
 * others: `deno run -A examples/batch.ts "Update the licence year" a b c`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { Codex, CodexError } from "@acodex/sdk";

const [task = "Update the licence year", ...folders] = Deno.args;
const codex = new Codex();
const waiting = folders.values();

await Promise.all([work(), work()]);

/** Takes folders until none is left. */
async function work(): Promise<void> {
  for (const folder of waiting) {
    const thread = codex.startThread({
      workingDirectory: folder,
      sandboxMode: "workspace-write",
    });
    try {
      const turn = await thread.run(task);
      console.log(`${folder}: ${turn.finalResponse}`);
    } catch (error) {
      if (!(error instanceof CodexError)) throw error;
      console.log(`${folder}: ${error.code}: ${error.message}`);
    }
  }
}
