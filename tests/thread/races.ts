/**
 * Aborts and leaves turns at odd moments, on the fake CLI whose path is its argument;
 * prints how many turns it began. races_test.ts runs it in its own process, which an
 * unhandled rejection ends.
 *
 * @module
 */

import { Codex, type Thread } from "../../mod.ts";
import { wait } from "../../src/testing/waiting.ts";

/** A way to end a turn `ms` milliseconds after its start. */
type Race = (thread: Thread, ms: number) => Promise<void>;

const RACES: readonly Race[] = [
  async function abortRun(thread, ms): Promise<void> {
    await thread.run("Hi", { signal: AbortSignal.timeout(ms) }).catch(() => {});
  },
  async function abortAfterTheEnd(thread): Promise<void> {
    const controller = new AbortController();
    await thread.run("short", { signal: controller.signal });
    controller.abort();
  },
  async function returnWhileNextWaits(thread, ms): Promise<void> {
    const streamed = await thread.runStreamed("Hi");
    const next = streamed.events.next();
    await wait(ms);
    await streamed.events.return();
    await next;
  },
  async function breakAndAbort(thread, ms): Promise<void> {
    const controller = new AbortController();
    const streamed = await thread.runStreamed("Hi", {
      signal: controller.signal,
    });
    const aborting = wait(ms).then(() => controller.abort());
    try {
      for await (const event of streamed.events) {
        if (event.type === "turn.started") break;
      }
    } catch {
      // The abort came first.
    }
    await aborting;
  },
  async function cancelReadable(thread, ms): Promise<void> {
    const streamed = await thread.runStreamed("Hi");
    const reader = streamed.readable.getReader();
    const read = reader.read();
    await wait(ms);
    await reader.cancel();
    await read;
  },
  async function forgetThePromise(thread, ms): Promise<void> {
    // Nobody handles the promises of return() and dispose.
    const streamed = await thread.runStreamed("Hi", {
      signal: AbortSignal.timeout(ms),
    });
    const next = streamed.events.next().catch(() => {});
    await wait(ms);
    void streamed.events.return();
    await streamed[Symbol.asyncDispose]();
    await next;
  },
  async function abortWaiting(thread, ms): Promise<void> {
    const signal = AbortSignal.timeout(ms);
    const turns = [1, 2, 3].map(() => thread.run("Hi", { signal }));
    await Promise.allSettled(turns);
  },
];

const codex = new Codex({ codexPathOverride: Deno.args[0] });
let begun = 0;
for (const ms of [0, 1, 5, 20, 60]) {
  await Promise.all(RACES.map(async (race) => {
    begun += 1;
    await race(codex.startThread(), ms);
  }));
}
await Deno.stdout.write(new TextEncoder().encode(`${begun}`));
