/**
 * Browses the threads of a folder in the terminal: lists them, shows the turns of one, and
 * continues it or a copy of it: `deno run -A examples/session_browser.ts`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { CodexAppServer, type ThreadInfo } from "@acodex/sdk/app-server";

const HELP = "a number: look at it · r: go on · f: go on with a copy · q: end";
const codex = new CodexAppServer();
let chosen: ThreadInfo | undefined;
try {
  let listed = await list();
  for (;;) {
    const word = prompt(`${chosen?.id ?? HELP} >`)?.trim() ?? "q";
    if (word === "q") break;
    if (word === "r" || word === "f") {
      await goOn(word === "f");
      listed = await list();
      continue;
    }
    chosen = listed[Number(word) - 1];
    if (chosen === undefined) console.log(HELP);
    else await show(chosen);
  }
} finally {
  await codex.close();
}

/** Lists the threads that were last used in this folder. */
async function list(): Promise<ThreadInfo[]> {
  const listed = await Array.fromAsync(
    codex.threads.list({ cwd: Deno.cwd(), limit: 20 }),
  );
  for (const [index, { name, preview, updatedAt }] of listed.entries()) {
    const when = updatedAt.toISOString().slice(0, 16);
    console.log(`${index + 1}. ${when} ${plain(name ?? preview)}`);
  }
  return listed;
}

/** Shows the turns of a thread, the oldest first. */
async function show({ id }: ThreadInfo): Promise<void> {
  const turns = await Array.fromAsync(codex.threads.turns(id));
  for (const { prompt, items } of turns.reverse()) {
    console.log(`> ${plain(prompt)}`);
    for (const item of items) {
      if (item.type === "agent_message") console.log(plain(item.text));
    }
  }
}

/** Continues the chosen thread, or a copy of it. */
async function goOn(isCopy: boolean): Promise<void> {
  const asked = chosen && prompt("What is to be done?");
  if (!chosen || !asked) return;
  const options = { sandboxMode: "read-only" } as const;
  const thread = isCopy
    ? codex.forkThread(chosen.id, options)
    : codex.resumeThread(chosen.id, options);
  console.log(plain((await thread.run(asked)).finalResponse));
}

/** Returns a text on one line, without control characters that move the cursor. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, " ").slice(0, 200);
}
