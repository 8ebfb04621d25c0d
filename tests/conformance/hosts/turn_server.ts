/**
 * A host that runs a turn on the server, ends it in one of several ways, and then has
 * nothing left to do. It reads options as JSON, and prints the
 * commands that were started, and the turn's outcome, as JSON.
 *
 * @module
 */

import { writeSync } from "node:fs";
import process from "node:process";
import { CodexAppServer } from "@acodex/sdk/app-server";

const given = JSON.parse(process.argv[2] ?? "{}");
const { codex, thread, how = "run" } = given;
// Not awaited: at the top level of a module, Bun continues after an uncaught error
// (facts R15).
main();

/** Runs the turn. */
async function main(): Promise<void> {
  const client = new CodexAppServer(codex);
  const streamed = await client.startThread(thread).runStreamed("Hi");
  for await (const event of streamed.events) {
    if (event.type !== "item.started") continue;
    report({ started: event.item.type });
    if (how === "exit") process.exit(7);
    if (how === "throw") {
      // Thrown outside the loop: inside, it would end the turn.
      setTimeout(() => {
        throw new TypeError("Thrown on purpose");
      });
    }
    if (how === "kill") process.kill(process.pid, "SIGKILL");
    if (how === "break") break;
  }
  if (how === "close") await client.close();
  const finalResponse = how === "break" ? "" : streamed.result.finalResponse;
  report({ finalResponse, at: Date.now() });
}

/** Prints a report at once: the program may end right after it. */
function report(report: object): void {
  writeSync(1, `${JSON.stringify(report)}\n`);
}
