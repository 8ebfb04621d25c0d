/**
 * A Git hook that writes the commit message, in blocking calls: as
 * `.git/hooks/prepare-commit-msg`, `deno run -A examples/commit_message.ts "$1"`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { CodexSync } from "@acodex/sdk/sync";
import * as z from "zod";

const Message = z.object({ subject: z.string().max(72), body: z.string() });

const thread = new CodexSync().startThread({ sandboxMode: "read-only" });
using streamed = thread.runStreamed(
  "Read the staged changes (git diff --cached), and write their commit message.",
  { outputType: Message, repair: 1, timeoutMs: 2 * 60_000 },
);
for (const event of streamed.events) {
  if (
    event.type === "item.started" && event.item.type === "command_execution"
  ) {
    console.error(`$ ${event.item.command}`);
  }
}
const { subject, body } = streamed.result.structuredResponse;
const text = `${subject}\n\n${body}\n`;
if (Deno.args[0] === undefined) console.log(text);
else Deno.writeTextFileSync(Deno.args[0], text);
