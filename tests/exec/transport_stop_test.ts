import { assertEquals, assertLess, assertStrictEquals } from "@std/assert";
import { countedController } from "../../src/testing/counted_signal.ts";
import { fakeCodex } from "../support/fake_codex.ts";
import { MINUTE_MS, SLEEP, timed, wait } from "../support/waiting.ts";
import { processesWith } from "./process_support.ts";
import { endingOf, take, THREAD_STARTED, turnOf } from "./transport_support.ts";

const COMPLETED =
  '{"type":"turn.completed","usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1}}';

/** Says that the thread has started, and stays. */
const STAYING = `echo $$ > "$FAKE_HOME/pid"
echo '${THREAD_STARTED}'
exec ${SLEEP}`;

/** What the caller's signal stops a turn with. */
const ABORTED = { type: "aborted", reason: undefined } as const;

/** Whether the fake was ever started. */
async function wasStarted(folder: string): Promise<boolean> {
  const names = await Array.fromAsync(Deno.readDir(folder));
  return names.some(({ name }) => name === "pid");
}

Deno.test("ExecTransport starts nothing for a signal that is aborted already", async () => {
  await using fake = await fakeCodex(STAYING);
  const reason = new Error("Too late");
  const signal = AbortSignal.abort({ type: "aborted", reason });
  const taken = await take(turnOf(fake.path, { signal }));
  const ending = endingOf(taken, "aborted");
  assertStrictEquals(ending.reason, reason);
  assertEquals(ending.process, null);
  assertEquals(taken.events, []);
  assertEquals(await wasStarted(fake.folder), false);
});

Deno.test("ExecTransport ends a running CLI when its signal is aborted, with the reason", async () => {
  await using fake = await fakeCodex(STAYING);
  const { controller, listeners, added } = countedController();
  const reason = { my: "reason" };
  const turn = turnOf(fake.path, { signal: controller.signal });
  const ms = await timed(async () => {
    const { events } = await take(
      turn,
      () => controller.abort({ type: "aborted", reason }),
    );
    assertEquals(events.map(({ type }) => type), ["thread.started"]);
  });
  assertLess(ms, MINUTE_MS);
  const ending = endingOf(turn, "aborted");
  assertStrictEquals(ending.reason, reason);
  assertEquals(ending.process?.signal, "SIGINT");
  assertEquals(added(), 1);
  assertEquals(listeners(), 0);
  const pid = (await Deno.readTextFile(`${fake.folder}/pid`)).trim();
  assertEquals(
    (await processesWith(SLEEP)).filter((line) => line.startsWith(`${pid} `)),
    [],
  );
});

Deno.test("ExecTransport leaves a decided turn as it is when its signal is aborted", async () => {
  await using fake = await fakeCodex(`echo '${COMPLETED}'\nsleep 0.3\nexit 0`);
  const { controller, listeners } = countedController();
  const turn = turnOf(fake.path, { signal: controller.signal });
  await take(turn, () => controller.abort(ABORTED));
  const { process, lingered } = endingOf(turn, "exited");
  assertEquals([process.exitCode, lingered], [0, false]);
  assertEquals(listeners(), 0);
  // And after its end.
  controller.abort(ABORTED);
  assertEquals(endingOf(turn, "exited").process.exitCode, 0);
});

const WAYS_OUT: [name: string, script: string][] = [
  ["completed", `echo '${COMPLETED}'`],
  ["exited", "exit 3"],
  ["unreadable", `echo '{oops}'\nexec ${SLEEP}`],
];

for (const [name, script] of WAYS_OUT) {
  Deno.test(`ExecTransport leaves no listener on a shared signal: ${name}`, async () => {
    await using fake = await fakeCodex(script);
    const { controller, listeners, added } = countedController();
    for (let turn = 1; turn <= 3; turn++) {
      await take(turnOf(fake.path, { signal: controller.signal }));
      assertEquals([added(), listeners()], [turn, 0]);
    }
  });
}

Deno.test("ExecTransport leaves no listener where nothing could be started", async () => {
  const { controller, listeners } = countedController();
  const turn = turnOf("/nowhere/codex", { signal: controller.signal });
  endingOf(await take(turn), "not_started");
  assertEquals(listeners(), 0);
});

Deno.test("ExecTransport ends the CLI of a consumer that leaves early", async () => {
  await using fake = await fakeCodex(STAYING);
  const { controller, listeners } = countedController();
  const turn = turnOf(fake.path, { signal: controller.signal });
  const ms = await timed(async () => {
    for await (const { events } of turn.run) {
      assertEquals(events.length, 1);
      break;
    }
  });
  assertLess(ms, MINUTE_MS);
  assertEquals(listeners(), 0);
  const pid = (await Deno.readTextFile(`${fake.folder}/pid`)).trim();
  assertEquals(
    (await processesWith(SLEEP)).filter((line) => line.startsWith(`${pid} `)),
    [],
  );
});

Deno.test("ExecTransport starts nothing once it is stopped while the CLI is being looked for", async () => {
  await using fake = await fakeCodex(STAYING);
  const turn = turnOf(fake.path);
  const taking = take(turn);
  turn.stop();
  const ending = endingOf(await taking, "aborted");
  assertEquals(ending.reason, undefined);
  assertEquals(ending.process, null);
  assertEquals(await wasStarted(fake.folder), false);
});

Deno.test("ExecTransport is ended at any moment of its start", async () => {
  await using fake = await fakeCodex(`exec ${SLEEP}`);
  // The environment is read last before the spawn: from there, one step more each time.
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
    const turn = turnOf(fake.path, { signal: controller.signal }, { env });
    assertLess(await timed(() => take(turn)), MINUTE_MS);
    endingOf(turn, "aborted");
    assertEquals(started, true);
  }
});

Deno.test("ExecTransport is stopped by the first cause, and again without harm", async () => {
  await using fake = await fakeCodex(STAYING);
  const turn = turnOf(fake.path);
  const limit = { type: "timed_out", limit: "turn", ms: 10 } as const;
  await take(turn, () => {
    turn.stop(limit);
    turn.stop();
  });
  const { process, ...first } = endingOf(turn, "timed_out");
  assertEquals(first, limit);
  assertEquals(process?.signal, "SIGINT");
});

Deno.test("ExecTransport hands out what came before an abort, and ends", async () => {
  await using fake = await fakeCodex(
    `i=0
    while [ $i -lt 1000 ]; do echo '{"type":"turn.started"}'; i=$((i + 1)); done
    exec ${SLEEP}`,
  );
  const turn = turnOf(fake.path);
  const { events } = await take(turn, async () => {
    await wait(100);
    turn.stop();
  });
  assertEquals(events.length > 0 && events.length <= 1000, true);
  endingOf(turn, "aborted");
});

/** Aborts after so many steps of the microtask queue. */
async function abortAfter(
  controller: AbortController,
  steps: number,
): Promise<void> {
  for (let step = 0; step < steps; step++) await null;
  controller.abort(ABORTED);
}
