import { assertEquals } from "@std/assert";
import { onAbort } from "../src/on_abort.ts";

/** A signal that counts the listeners on it. */
function counted(): { controller: AbortController; count: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  let count = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count -= 1;
    remove(...args);
  };
  return { controller, count: () => count };
}

Deno.test("onAbort puts one listener on a signal, however many listen, and takes it away with the last", () => {
  const { controller, count } = counted();
  const stops = Array.from(
    { length: 100 },
    () => onAbort(controller.signal, () => {}),
  );
  assertEquals(count(), 1);
  for (const stop of stops.slice(1)) stop();
  assertEquals(count(), 1);
  stops[0]?.();
  assertEquals(count(), 0);
  onAbort(controller.signal, () => {})();
  assertEquals(count(), 0);
});

Deno.test("onAbort tells all that listen, in order, and nobody who has stopped", () => {
  const { controller } = counted();
  const told: string[] = [];
  onAbort(controller.signal, () => told.push("first"));
  const stop = onAbort(controller.signal, () => told.push("second"));
  onAbort(controller.signal, () => told.push("third"));
  stop();
  controller.abort();
  assertEquals(told, ["first", "third"]);
});

Deno.test("onAbort tells at once where the signal is aborted already", () => {
  let told = 0;
  const stop = onAbort(AbortSignal.abort(), () => told += 1);
  assertEquals(told, 1);
  stop();
});

Deno.test("onAbort keeps those who listen now when one that stopped before stops again", () => {
  const { controller } = counted();
  const { signal } = controller;
  const stop = onAbort(signal, () => {});
  stop();
  let told = false;
  onAbort(signal, () => told = true);
  stop();
  controller.abort();
  assertEquals(told, true);
});
