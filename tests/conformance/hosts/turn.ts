/**
 * A host that runs a turn, ends it in one of several ways, and then has nothing left to
 * do. It reads options as JSON, and prints the turn's outcome as JSON.
 *
 * @module
 */

import { rmdirSync } from "node:fs";
import process from "node:process";
import { Codex, CodexError } from "@acodex/sdk";

const given = JSON.parse(process.argv[2] ?? "{}");
const { codex, thread, input = "Hi", how = "run", outputSchema } = given;
if (given.removeCwd) rmdirSync(process.cwd());
// Not awaited: at the top level of a module, Bun continues after an uncaught error
// (facts R15).
main();

/** Runs the turn. */
async function main(): Promise<void> {
  let outcome: { [key: string]: unknown };
  try {
    const started = new Codex(codex).startThread(thread);
    const controller = new AbortController();
    const streamed = await started.runStreamed(input, {
      signal: controller.signal,
      outputSchema,
    });
    for await (const event of streamed.events) {
      if (event.type !== "turn.started") continue;
      if (how === "abort") controller.abort();
      if (how === "break") break;
      if (how === "exit") process.exit(7);
      if (how === "throw") {
        // Thrown outside the loop: inside, it would end the turn.
        setTimeout(() => {
          throw new TypeError("Thrown on purpose");
        });
      }
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
