/**
 * Passes mutated event streams through the decoder, the validator and the reducer.
 *
 * `FUZZ_STREAMS` is their number (20,000 by default, 100,000 in `deno task
 * test:chaos`), `FUZZ_SEED` the seed of the first one; each following stream has the
 * next seed. A failure prints its seed: `FUZZ_SEED=<seed> FUZZ_STREAMS=1` reproduces
 * it.
 */

import { assert, assertEquals } from "@std/assert";
import { say } from "../../scripts/print.ts";
import { MINUTE_MS } from "../../src/testing/waiting.ts";
import { judge, judgeStreams } from "./judge.ts";
import { mutatedStream } from "./mutate.ts";

const STREAMS = Number(Deno.env.get("FUZZ_STREAMS") ?? 20_000);

const SEED = Number(
  Deno.env.get("FUZZ_SEED") ?? Math.floor(Math.random() * 2 ** 31),
);

/**
 * One of this many streams is also passed through the transform streams, which takes
 * much longer.
 */
const STREAMED = 100;

Deno.test(`${STREAMS} mutated streams lose no event and cause no error`, async () => {
  const begun = performance.now();
  let streamed = 0;
  for (let seed = SEED; seed < SEED + STREAMS; seed += 1) {
    const at = `FUZZ_SEED=${seed} FUZZ_STREAMS=1`;
    const stream = mutatedStream(seed);
    const started = performance.now();
    assertEquals(attempt(() => judge(stream)), undefined, at);
    assert(performance.now() - started < MINUTE_MS, `hangs: ${at}`);
    if (seed % STREAMED !== 0 && STREAMS > 1) continue;
    streamed += 1;
    assertEquals(await judgeStreams(stream), undefined, at);
  }
  say(
    `${STREAMS} streams from seed ${SEED} on, ${streamed} of them through the streams too: ${
      Math.round(performance.now() - begun)
    } ms`,
  );
});

/** Returns a thrown error as a difference, so that its seed is reported. */
function attempt(judging: () => string | undefined): string | undefined {
  try {
    return judging();
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : error}`;
  }
}
