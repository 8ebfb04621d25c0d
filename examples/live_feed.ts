/**
 * Prints what the agent does, event by event. Ctrl-C cancels the turn and its commands.
 *
 * ```sh
 * node examples/live_feed.ts "Fix the failing test"   # or: bun …, deno run -A …
 * ```
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { Codex, CodexCancelledError, type ThreadItem } from "@acodex/sdk";
import process from "node:process";

const controller = new AbortController();
process.once("SIGINT", () => controller.abort("interrupted from the keyboard"));

const thread = new Codex().startThread({ sandboxMode: "workspace-write" });
const streamed = await thread.runStreamed(
  process.argv[2] ?? "Fix the failing test",
  { signal: controller.signal },
);
try {
  for await (const event of streamed) {
    if (event.type === "item.started" || event.type === "item.completed") {
      show(event.item);
    } else if (event.type === "error") {
      console.log("notice:", event.message);
    }
  }
  console.log("done:", streamed.result.finalResponse);
} catch (error) {
  if (!(error instanceof CodexCancelledError)) throw error;
  console.log(`cancelled (${error.cause}) after ${error.items.length} items`);
}

/** Prints an item. */
function show(item: ThreadItem): void {
  switch (item.type) {
    case "command_execution":
      return console.log(item.status, "$", item.command);
    case "file_change":
      return item.changes.forEach(({ kind, path }) =>
        console.log(item.status, kind, path)
      );
    case "agent_message":
      return console.log(item.text);
  }
}
