import { assertEquals, assertThrows } from "@std/assert";
import { countedController } from "../../src/testing/counted_signal.ts";
import { onAbort } from "../../src/util/on_abort.ts";

Deno.test("onAbort adds one listener to a signal for any number of callbacks, and removes it with the last", () => {
  const { controller, listeners } = countedController();
  const stops = Array.from(
    { length: 100 },
    () => onAbort(controller.signal, () => {}),
  );
  assertEquals(listeners(), 1);
  for (const stop of stops.slice(1)) stop();
  assertEquals(listeners(), 1);
  stops[0]?.();
  assertEquals(listeners(), 0);
  onAbort(controller.signal, () => {})();
  assertEquals(listeners(), 0);
});

Deno.test("onAbort calls all callbacks in order, except those that have stopped", () => {
  const { controller } = countedController();
  const told: string[] = [];
  onAbort(controller.signal, () => told.push("first"));
  const stop = onAbort(controller.signal, () => told.push("second"));
  onAbort(controller.signal, () => told.push("third"));
  stop();
  controller.abort();
  assertEquals(told, ["first", "third"]);
});

Deno.test("onAbort calls back at once if the signal is already aborted", () => {
  let told = 0;
  const stop = onAbort(AbortSignal.abort(), () => told += 1);
  assertEquals(told, 1);
  stop();
});

Deno.test("onAbort keeps current callbacks when an earlier one stops again", () => {
  const { controller } = countedController();
  const { signal } = controller;
  const stop = onAbort(signal, () => {});
  stop();
  let told = false;
  onAbort(signal, () => told = true);
  stop();
  controller.abort();
  assertEquals(told, true);
});

Deno.test("onAbort calls back even if another listener stops the event", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  signal.addEventListener(
    "abort",
    (event) => event.stopImmediatePropagation(),
  );
  let calls = 0;
  const done = new Promise<void>((resolve) =>
    onAbort(signal, () => {
      calls += 1;
      resolve();
    })
  );
  controller.abort();
  // A turn's process keeps the program running; onAbort alone does not.
  const held = setTimeout(() => {}, 60_000);
  await done;
  clearTimeout(held);
  assertEquals(calls, 1);
});

Deno.test("onAbort ignores an abort event of a signal that is not aborted", () => {
  const controller = new AbortController();
  const { signal } = controller;
  let calls = 0;
  const remove = onAbort(signal, () => calls += 1);
  signal.dispatchEvent(new Event("abort"));
  assertEquals(calls, 0);
  controller.abort();
  assertEquals(calls, 1);
  remove();
});

// Facts R22.
Deno.test("onAbort does not use the event, which Node does not pass to every listener", () => {
  // Like Node's: the event's target is missing for all listeners but the first.
  const listeners = new Set<() => void>();
  const signal = {
    aborted: false,
    reason: undefined as unknown,
    addEventListener: (_: string, listener: unknown) => {
      listeners.add(listener as () => void);
    },
    removeEventListener: (_: string, listener: unknown) => {
      listeners.delete(listener as () => void);
    },
  };
  let told = 0;
  onAbort(signal, () => told += 1);
  signal.aborted = true;
  for (const listener of listeners) listener();
  assertEquals([told, listeners.size], [1, 0]);
});

Deno.test("onAbort leaves nothing behind if a signal cannot be listened to, and tries again", () => {
  const controller = new AbortController();
  const { signal } = controller;
  const add = signal.addEventListener;
  signal.addEventListener = () => {
    throw new TypeError("Not today");
  };
  assertThrows(() => onAbort(signal, () => {}), TypeError, "Not today");
  signal.addEventListener = add;
  let told = false;
  onAbort(signal, () => told = true);
  controller.abort();
  assertEquals(told, true);
});
