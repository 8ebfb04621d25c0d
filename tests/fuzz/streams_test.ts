/**
 * Mutated event streams through the decoder, the validator and the reducer.
 *
 * `FUZZ_STREAMS` sets how many (20,000 by default, 100,000 in `deno task test:chaos`), `FUZZ_SEED` the seed of the
 * first; each of the others has the next one. A failure prints its seed: with
 * `FUZZ_SEED=<seed> FUZZ_STREAMS=1` it comes back.
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

/** One in so many goes through the streams as well, which takes far longer. */
const STREAMED = 100;

Deno.test(`${STREAMS} mutated streams lose no event, and break nothing`, async () => {
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

/** What is thrown is a finding as well, and has to name its seed. */
function attempt(judging: () => string | undefined): string | undefined {
  try {
    return judging();
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : error}`;
  }
}
