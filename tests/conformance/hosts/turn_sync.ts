/**
 * A host that does what `turn.ts` does, with the blocking client: its only thread is
 * blocked while its turn runs.
 *
 * @module
 */

import { rmdirSync } from "node:fs";
import process from "node:process";
import { CodexError } from "@acodex/sdk";
import { CancelFlag, CodexSync } from "@acodex/sdk/sync";

const given = JSON.parse(process.argv[2] ?? "{}");
const { codex, thread, input = "Hi", how = "run", outputSchema } = given;
if (given.removeCwd) rmdirSync(process.cwd());
// As in `turn.ts`: at the top level of a module, Bun continues after an uncaught error.
setTimeout(main);

/** Runs the turn. */
function main(): void {
  let outcome: { [key: string]: unknown };
  try {
    const started = new CodexSync(codex).startThread(thread);
    const signal = new CancelFlag();
    const streamed = started.runStreamed(input, { signal, outputSchema });
    const { events } = streamed;
    // Without a `return`, the turn does not end when the loop throws.
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
    const { name, code, message } = error;
    outcome = { ...error, name, code, message };
  }
  process.stdout.write(`${JSON.stringify({ ...outcome, at: Date.now() })}\n`);
}
