/**
 * A host that aborts a hundred turns, eight at a time, each at a different moment. Its
 * exit shows an uncaught error or a handle that stays open.
 *
 * @module
 */

import process from "node:process";
import { CodexCancelledError } from "@acodex/sdk";
import { Codex } from "../support/client.ts";
import { countedController } from "../../../src/testing/counted_signal.ts";

const { codex, turns, latestMs } = JSON.parse(process.argv[2] ?? "{}");
const client = new Codex(codex);
let completed = 0;
let aborted = 0;
let listeners = 0;

async function abortOne(ms: number): Promise<void> {
  const counted = countedController();
  const timer = setTimeout(() => counted.controller.abort(), ms);
  try {
    const turn = await client.startThread().run("Hi", {
      signal: counted.signal,
      // Writes a temporary file, too.
      outputSchema: { type: "object", properties: {}, required: [] },
    });
    if (turn.finalResponse === "{}") completed += 1;
  } catch (error) {
    if (!(error instanceof CodexCancelledError)) throw error;
    aborted += 1;
  } finally {
    clearTimeout(timer);
    listeners += counted.listeners();
  }
}

const waiting = Array.from(
  { length: turns },
  () => Math.floor(Math.random() * latestMs),
);
async function work(): Promise<void> {
  for (let ms = waiting.pop(); ms !== undefined; ms = waiting.pop()) {
    await abortOne(ms);
  }
}
await Promise.all(Array.from({ length: 8 }, work));
process.stdout.write(
  `${JSON.stringify({ completed, aborted, listeners, at: Date.now() })}\n`,
);
