import {
  assertEquals,
  assertLess,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { CodexExecError, type ThreadEvent } from "../../mod.ts";
import { print, printTurn } from "../support/fake_codex.ts";
import { MINUTE_MS, wait } from "../../src/testing/waiting.ts";
import { BEGIN, fakeClient, hangingAfter, types } from "./support.ts";

Deno.test("StreamedTurn.readable can be piped, and the result is available afterwards", async () => {
  await using fake = await fakeClient(printTurn("Hi"));
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  const events: ThreadEvent[] = [];
  await streamed.readable.pipeTo(
    new WritableStream({ write: (event) => void events.push(event) }),
  );
  assertEquals(types(events), [
    "thread.started",
    "turn.started",
    "item.completed",
    "turn.completed",
  ]);
  assertEquals(streamed.result.finalResponse, "Hi");
  assertStrictEquals(streamed.readable, streamed.readable);
});

Deno.test("StreamedTurn.readable ends the CLI when it is cancelled, even during a read", async () => {
  await using fake = await fakeClient(
    `cat > /dev/null\n${hangingAfter(...BEGIN)}`,
  );
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  const reader = streamed.readable.getReader();
  for (const _ of BEGIN) await reader.read();
  const next = reader.read();
  const cancelled = performance.now();
  await reader.cancel("enough");
  assertLess(performance.now() - cancelled, MINUTE_MS);
  assertEquals((await next).done, true);
  assertEquals((await streamed.events.next()).done, true);
});

Deno.test("StreamedTurn.readable ends the CLI when its destination fails", async () => {
  await using fake = await fakeClient(
    `cat > /dev/null\n${hangingAfter(...BEGIN)}`,
  );
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  const full = new Error("The disk is full");
  const error = await assertRejects(() =>
    streamed.readable.pipeTo(
      new WritableStream({
        write(): void {
          throw full;
        },
      }),
    )
  );
  assertStrictEquals(error, full);
  // `pipeTo` waits until the CLI has exited: the turn is over.
  assertEquals((await streamed.events.next()).done, true);
});

Deno.test("StreamedTurn.readable fails with the turn's error after every event, even if it is read slowly", async () => {
  await using fake = await fakeClient(["read", ...print(...BEGIN), "exit 9"]);
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  const events: ThreadEvent[] = [];
  const error = await assertRejects(async () => {
    for await (const event of streamed.readable) {
      await wait(20);
      events.push(event);
    }
  }, CodexExecError);
  assertEquals(events.length, BEGIN.length);
  assertStrictEquals(assertThrows(() => streamed.result), error);
});

Deno.test("StreamedTurn.readable shares its events with the loop over events", async () => {
  await using fake = await fakeClient(printTurn("Hi"));
  const streamed = await fake.codex.startThread().runStreamed("Hi");
  const first = await streamed.events.next();
  const rest = await Array.fromAsync(streamed.readable);
  assertEquals(
    types([first.value as ThreadEvent, ...rest]),
    ["thread.started", "turn.started", "item.completed", "turn.completed"],
  );
});
