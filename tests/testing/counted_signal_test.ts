import { assertEquals } from "@std/assert";
import { countedController } from "../../src/testing/counted_signal.ts";

Deno.test("A counted signal counts its current listeners", () => {
  const { controller, signal, listeners, most, added } = countedController();
  assertEquals(controller.signal, signal);
  const called: string[] = [];
  const first = (): unknown => called.push("first");
  const second = (): unknown => called.push("second");
  signal.addEventListener("abort", first);
  signal.addEventListener("abort", second);
  assertEquals([listeners(), most(), added()], [2, 2, 2]);
  signal.removeEventListener("abort", second);
  assertEquals([listeners(), most(), added()], [1, 2, 2]);
  controller.abort("enough");
  assertEquals(called, ["first"]);
  // The listener was not removed.
  assertEquals(listeners(), 1);
  assertEquals(signal.reason, "enough");
});

Deno.test("A counted signal counts a listener once, however often it is added", () => {
  const { controller, signal, listeners, added } = countedController();
  let calls = 0;
  const listener = (): unknown => calls += 1;
  signal.addEventListener("abort", listener);
  signal.addEventListener("abort", listener);
  assertEquals([listeners(), added()], [1, 2]);
  controller.abort();
  assertEquals(calls, 1);
  signal.removeEventListener("abort", listener);
  signal.removeEventListener("abort", listener);
  assertEquals(listeners(), 0);
});

Deno.test("A `once` listener is counted until it has been called", () => {
  const { controller, signal, listeners } = countedController();
  signal.addEventListener("abort", () => {}, { once: true });
  assertEquals(listeners(), 1);
  controller.abort();
  assertEquals(listeners(), 0);
});

Deno.test("A listener that is removed through its own signal is no longer counted", () => {
  const { signal, listeners } = countedController();
  const other = new AbortController();
  signal.addEventListener("abort", () => {}, { signal: other.signal });
  assertEquals(listeners(), 1);
  other.abort();
  assertEquals(listeners(), 0);
});
