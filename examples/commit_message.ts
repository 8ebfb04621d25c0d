/**
 * Writes the commit message, as a Git hook with the blocking client. An existing message,
 * from `git commit -m`, a merge or a template, is not changed. Use it as
 * `.git/hooks/prepare-commit-msg`:
 *
 * ```sh
 * #!/bin/sh
 * exec node examples/commit_message.ts "$@"   # or: bun …, deno run -A …
 * ```
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { CodexSync } from "@acodex/sdk/sync";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import * as z from "zod";

const [file, source] = process.argv.slice(2);
if (source === undefined) writeMessage();

/** Writes the message into the hook's file, before Git's own text. */
function writeMessage(): void {
  const Message = z.object({ subject: z.string().max(72), body: z.string() });
  const thread = new CodexSync().startThread({ sandboxMode: "read-only" });
  const streamed = thread.runStreamed(
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
  if (file === undefined) console.log(text);
  else writeFileSync(file, text + readFileSync(file, "utf8"));
}
