/**
 * Shows the main features: a thread, a streamed turn with a real command, a
 * structured answer, a resumed thread, and errors.
 *
 * `deno task demo` runs the real CLI against a scripted model on this machine;
 * `deno task demo --live` uses the real service, with `CODEX_API_KEY` or the login of
 * `codex login`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { Codex, CodexError, type ThreadEvent } from "@acodex/sdk";
import * as z from "zod";
import { liveSetting, scriptedSetting } from "./demo_settings.ts";

const Summary = z.object({
  summary: z.string(),
  files: z.array(z.string()),
});

await using setting = Deno.args.includes("--live")
  ? liveSetting()
  : await scriptedSetting();
console.log(setting.description);

const codex = new Codex(setting.codexOptions);
const thread = codex.startThread(setting.threadOptions);

title("A streamed turn");
{
  await using streamed = await thread.runStreamed(
    "Look around with one shell command, then say in a sentence what you see.",
    { signal: AbortSignal.timeout(120_000) },
  );
  for await (const event of streamed.events) console.log(describe(event));
  console.log(`Answer: ${streamed.result.finalResponse}`);
}

title("A structured answer, on the same thread");
const turn = await thread.run("Sum it up as JSON.", { outputType: Summary });
console.log(turn.structuredResponse);
console.log(`This turn used ${turn.turnUsage?.output_tokens} output tokens.`);

title("The thread, resumed by another client");
console.log(`Thread ${thread.id}`);
const resumed = await new Codex(setting.codexOptions)
  .resumeThread(thread.id ?? "", setting.threadOptions)
  .run("And in three words?");
console.log(`Answer: ${resumed.finalResponse}`);

title("What errors look like");
await show("a wrong path", () => {
  const elsewhere = new Codex({ codexPathOverride: "/no/such/codex" });
  return elsewhere.startThread().run("Hello");
});
await show("a cancelled turn", () => {
  const signal = AbortSignal.timeout(1000);
  return codex.startThread(setting.threadOptions).run(
    "Wait for two minutes with the shell's sleep command.",
    { signal },
  );
});
if (setting.killing !== undefined) {
  const { prompt, threadOptions } = setting.killing;
  await show(
    "a CLI that is killed",
    () => codex.startThread(threadOptions).run(prompt),
  );
}

function title(text: string): void {
  console.log(`\n== ${text}`);
}

function describe(event: ThreadEvent): string {
  switch (event.type) {
    case "thread.started":
      return `${event.type} ${event.thread_id}`;
    case "item.started":
    case "item.updated":
    case "item.completed":
      return event.item.type === "command_execution"
        ? `${event.type} $ ${event.item.command} -> ${
          event.item.exit_code ?? "running"
        } ${JSON.stringify(event.item.aggregated_output)}`
        : `${event.type} ${event.item.type}`;
    case "turn.completed":
      return `${event.type} ${event.usage.output_tokens} output tokens`;
    case "error":
      return `${event.type} ${event.message}`;
    default:
      return event.type;
  }
}

async function show(what: string, run: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  try {
    await run();
    console.log(`${what}: no error`);
  } catch (error) {
    if (!(error instanceof CodexError)) throw error;
    const ms = Math.round(performance.now() - begun);
    console.log(`${what}: ${error.name} (${error.code}) after ${ms} ms`);
    console.log(error.message.replace(/^/gm, "  "));
  }
}
