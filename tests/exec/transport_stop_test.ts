import { assertEquals, assertLess } from "@std/assert";
import type { FakeSteps } from "../../src/testing/fake.ts";
import { fakeCodex } from "../support/fake_codex.ts";
import { MINUTE_MS, SLEEP, timed, wait } from "../../src/testing/waiting.ts";
import {
  prepareTurn,
  readEnding,
  take,
  THREAD_STARTED,
} from "./transport_support.ts";

/** Reports that the thread has started, and stays. */
const STAYING: readonly FakeSteps[] = [
  "pid pid",
  `line ${THREAD_STARTED}`,
  "stay",
];

/** The ending of a turn that the caller's signal stopped. */
const ABORTED = { type: "aborted", reason: undefined } as const;

Deno.test("ExecTransport starts nothing if it is stopped while it looks for the CLI", async () => {
  await using fake = await fakeCodex(STAYING);
  const turn = prepareTurn(fake.path);
  const taking = take(turn);
  turn.stop();
  const ending = readEnding(await taking, "aborted");
  assertEquals(ending.reason, undefined);
  assertEquals(ending.process, null);
  assertEquals(fake.hasNote("pid"), false);
});

Deno.test("ExecTransport can be stopped at any moment of its start", async () => {
  await using fake = await fakeCodex(`exec ${SLEEP}`);
  // The environment is read last before the spawn. From there, each round aborts one
  // step later.
  for (let steps = 0; steps < 16; steps++) {
    const controller = new AbortController();
    let started = false;
    const env = {
      PATH: "/usr/bin:/bin",
      get LATE(): string {
        if (!started) {
          started = true;
          abortAfter(controller, steps);
        }
        return "";
      },
    };
    const turn = prepareTurn(fake.path, { signal: controller.signal }, { env });
    assertLess(await timed(() => take(turn)), MINUTE_MS);
    readEnding(turn, "aborted");
    assertEquals(started, true);
  }
});

Deno.test("ExecTransport is stopped by the first cause, and ignores further ones", async () => {
  await using fake = await fakeCodex(STAYING);
  const turn = prepareTurn(fake.path);
  const limit = { type: "timed_out", limit: "turn", ms: 10 } as const;
  await take(turn, () => {
    turn.stop(limit);
    turn.stop();
  });
  const { process, ...first } = readEnding(turn, "timed_out");
  assertEquals(first, limit);
  assertEquals(process?.signal, "SIGINT");
});

Deno.test("ExecTransport yields what arrived before an abort, and ends", async () => {
  await using fake = await fakeCodex(
    `i=0
    while [ $i -lt 1000 ]; do echo '{"type":"turn.started"}'; i=$((i + 1)); done
    exec ${SLEEP}`,
  );
  const turn = prepareTurn(fake.path);
  const { events } = await take(turn, async () => {
    await wait(100);
    turn.stop();
  });
  assertEquals(events.length > 0 && events.length <= 1000, true);
  readEnding(turn, "aborted");
});

/** Aborts after this many steps of the microtask queue. */
async function abortAfter(
  controller: AbortController,
  steps: number,
): Promise<void> {
  for (let step = 0; step < steps; step++) await null;
  controller.abort(ABORTED);
}
