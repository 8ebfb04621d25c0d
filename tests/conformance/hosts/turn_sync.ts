/**
 * A host that does what `turn.ts` does with the blocking client: its one thread is
 * blocked for as long as its turn runs.
 *
 * @module
 */

import process from "node:process";
import { CodexError } from "@acodex/sdk";
import { CancelFlag, CodexSync } from "@acodex/sdk/sync";

const { codex, thread, how = "run", outputSchema } = JSON.parse(
  process.argv[2] ?? "{}",
);
// As in `turn.ts`: at the top level of a module, Bun goes on after an uncaught error.
setTimeout(main);

/** Runs the turn. */
function main(): void {
  let outcome: { [key: string]: unknown };
  try {
    const started = new CodexSync(codex).startThread(thread);
    const signal = new CancelFlag();
    const streamed = started.runStreamed("Hi", { signal, outputSchema });
    const { events } = streamed;
    // Without a `return` nothing ends the turn when the loop throws.
    const unended = {
      next: () => events.next(),
      [Symbol.iterator]: () => unended,
    };
    for (const event of how === "throw" ? unended : events) {
      if (event.type !== "turn.started") continue;
      if (how === "abort") signal.set();
      if (how === "break") break;
      if (how === "exit") process.exit(7);
      if (how === "throw") throw new TypeError("Thrown on purpose");
      if (how === "kill") process.kill(process.pid, "SIGKILL");
    }
    outcome = how === "break"
      ? { left: true }
      : { finalResponse: streamed.result.finalResponse };
  } catch (error) {
    if (!(error instanceof CodexError)) throw error;
    outcome = { code: error.code, message: error.message };
  }
  process.stdout.write(`${JSON.stringify({ ...outcome, at: Date.now() })}\n`);
}
