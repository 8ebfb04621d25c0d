/**
 * Prints the agent's text as it is written, and interrupts it when you enter a line:
 * `deno run -A examples/live_text.ts "Explain this repository"`.
 *
 * @module
 */
import {
  CodexAppServer,
  CodexInterruptedError,
  type ServerStreamedTurn,
} from "@acodex/sdk/app-server";

const [task = "Explain this repository"] = Deno.args;
const codex = new CodexAppServer();
const streamed = await codex.startThread({ sandboxMode: "read-only" })
  .runStreamed(task, { deltas: true });
const input = Deno.stdin.readable.getReader();
stopOnInput(streamed);
try {
  for await (const event of streamed) {
    if (event.type === "item.delta" && event.kind === "agent_message") {
      await print(event.delta);
    }
  }
  await print("\n");
} catch (error) {
  if (!(error instanceof CodexInterruptedError)) throw error;
  await print(`\nStopped after ${error.items.length} items.\n`);
} finally {
  await input.cancel();
  await codex.close();
}

/** Interrupts the turn if the user enters something before it ends. */
async function stopOnInput(
  turn: Pick<ServerStreamedTurn, "interrupt">,
): Promise<void> {
  const { done } = await input.read();
  // The turn may have ended by then.
  if (!done) await turn.interrupt().catch(() => {});
}

/** Writes to the terminal. */
async function print(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}
