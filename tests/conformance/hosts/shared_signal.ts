/**
 * A host whose turns share one signal: many at the same time, then many in sequence. The
 * runtime prints its warnings about listeners to stderr.
 *
 * @module
 */

import process from "node:process";
import { Codex } from "../support/client.ts";
import { countedController } from "../../../src/testing/counted_signal.ts";
import { wait } from "../../../src/testing/waiting.ts";

const { codex, atOnce, inARow } = JSON.parse(process.argv[2] ?? "{}");
const client = new Codex(codex);
const { signal, listeners, most } = countedController();
const run = async (): Promise<number> => {
  await client.startThread().run("Hi", { signal });
  return 1;
};
let completed = 0;
const counts = await Promise.all(Array.from({ length: atOnce }, run));
completed += counts.length;
for (let turn = 0; turn < inARow; turn += 1) completed += await run();
// A warning is printed shortly after its cause.
await wait(50);
process.stdout.write(
  `${JSON.stringify({ completed, listeners: listeners(), most: most() })}\n`,
);
