/**
 * A host that exits, or is ended, while its turns run. It prints a line once they run.
 *
 * @module
 */

import { writeSync } from "node:fs";
import process from "node:process";
import { Codex } from "@acodex/sdk";

const { how, handler, turns, program, graceMs, env } = JSON.parse(
  process.argv[2] ?? "{}",
);
if (handler) {
  process.on(how, () => {
    writeSync(1, "handled\n");
    process.exit(3);
  });
}
const codex = new Codex({
  codexPathOverride: program,
  env,
  shutdownGraceMs: graceMs,
});

await Promise.all(Array.from({ length: turns }, begin));
process.stdout.write("running\n");
if (how === "exit") process.exit(5);
if (how === "error") {
  setTimeout(() => {
    throw new Error("Uncaught on purpose");
  }, 0);
}

/** Begins a turn, and leaves a pending read of its next event. */
async function begin(): Promise<void> {
  const streamed = await codex.startThread().runStreamed("Hi", {
    outputSchema: { type: "object", properties: {}, required: [] },
  });
  for (;;) {
    const { value } = await streamed.events.next();
    if (value?.type === "turn.started") break;
  }
  streamed.events.next();
}
