/**
 * A fake CLI that writes events with pauses between them, each with the time at which it is
 * written.
 *
 * @module
 */

import { writeSync } from "node:fs";
import process from "node:process";
import { clockOffset } from "./clock.ts";

const [count = 0, pauseMs = 0] = process.argv.slice(2).map(Number);
const pause = new Int32Array(new SharedArrayBuffer(4));
const offset = clockOffset();
for (let index = 0; index < count; index++) {
  Atomics.wait(pause, 0, 0, pauseMs);
  const sent = performance.now() + offset;
  const item = { id: "item_0", type: "agent_message", text: "a word", sent };
  writeSync(1, `${JSON.stringify({ type: "item.updated", item })}\n`);
}
const usage = {
  input_tokens: 1,
  cached_input_tokens: 0,
  cache_write_input_tokens: 0,
  output_tokens: 1,
  reasoning_output_tokens: 0,
};
writeSync(1, `${JSON.stringify({ type: "turn.completed", usage })}\n`);
