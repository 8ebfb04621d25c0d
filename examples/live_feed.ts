/**
 * Watch the agent work, event by event; Ctrl-C cancels the turn and ends its
 * commands: `deno run -A examples/live_feed.ts "Fix the failing test"`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { Codex, CodexCancelledError } from "@acodex/sdk";

const controller = new AbortController();
const interrupt = () => controller.abort("interrupted from the keyboard");
Deno.addSignalListener("SIGINT", interrupt);
try {
  const thread = new Codex().startThread({ sandboxMode: "workspace-write" });
  await using streamed = await thread.runStreamed(
    Deno.args[0] ?? "Fix the failing test",
    { signal: controller.signal },
  );
  for await (const event of streamed.events) {
    if (event.type === "item.started" || event.type === "item.completed") {
      const { item } = event;
      if (item.type === "command_execution") {
        console.log(item.status, "$", item.command);
      } else if (item.type === "file_change") {
        for (const change of item.changes) {
          console.log(item.status, change.kind, change.path);
        }
      } else if (item.type === "agent_message") {
        console.log(item.text);
      }
    } else if (event.type === "error") {
      console.log("notice:", event.message);
    }
  }
  console.log("done:", streamed.result.finalResponse);
} catch (error) {
  if (!(error instanceof CodexCancelledError)) throw error;
  console.log(`cancelled (${error.cause}) after ${error.items.length} items`);
} finally {
  Deno.removeSignalListener("SIGINT", interrupt);
}
