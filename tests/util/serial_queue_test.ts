import { assertEquals, assertRejects } from "@std/assert";
import { countedController } from "../../src/testing/counted_signal.ts";
import { SerialQueue } from "../../src/util/serial_queue.ts";

Deno.test("SerialQueue starts a task at once if it is idle, otherwise after the earlier ones", async () => {
  const queue = new SerialQueue();
  const log: string[] = [];
  const first = Promise.withResolvers<string>();
  const step =
    (name: string, value: Promise<string>) => (): Promise<string> => {
      log.push(name);
      return value;
    };
  const one = queue.run(step("one", first.promise));
  const two = queue.run(step("two", Promise.resolve("2")));
  assertEquals([log, queue.isIdle], [["one"], false]);
  first.resolve("1");
  assertEquals([await one, await two], ["1", "2"]);
  assertEquals([log, queue.isIdle], [["one", "two"], true]);
});

Deno.test("SerialQueue continues after a task that failed", async () => {
  const queue = new SerialQueue();
  const failed = queue.run(() => Promise.reject(new Error("no")));
  const next = queue.run(() => Promise.resolve("yes"));
  await assertRejects(() => failed, Error, "no");
  assertEquals([await next, queue.isIdle], ["yes", true]);
});

/** Lets everything run that can run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Enters the queue, and logs when it is admitted. */
function enter(
  queue: SerialQueue,
  name: string,
  log: string[],
  signal?: AbortSignal,
): Promise<(() => void) | undefined> {
  const entered = queue.enter(signal);
  entered.then((leave) => log.push(leave ? name : `${name} gave up`));
  return entered;
}

Deno.test("SerialQueue admits turns one at a time, in the order in which they arrived", async () => {
  const queue = new SerialQueue();
  const log: string[] = [];
  const turns = ["a", "b", "c"].map((name) => enter(queue, name, log));
  for (const [index, turn] of turns.entries()) {
    await settle();
    assertEquals(log, ["a", "b", "c"].slice(0, index + 1));
    (await turn)?.();
  }
  await settle();
  (await enter(queue, "d", log))?.();
  assertEquals(log, ["a", "b", "c", "d"]);
});

Deno.test("SerialQueue ignores leaving a second time", async () => {
  const queue = new SerialQueue();
  const log: string[] = [];
  const [a, b, c] = ["a", "b", "c"].map((name) => enter(queue, name, log));
  const leave = await a;
  leave?.();
  leave?.();
  await settle();
  assertEquals(log, ["a", "b"]);
  (await b)?.();
  (await c)?.();
});

Deno.test("SerialQueue drops a waiting turn that is aborted", async () => {
  const queue = new SerialQueue();
  const log: string[] = [];
  const leave = await enter(queue, "a", log);
  const controller = new AbortController();
  const waiting = enter(queue, "b", log, controller.signal);
  controller.abort(new Error("Changed my mind"));
  assertEquals(await waiting, undefined);
  leave?.();
});

Deno.test("SerialQueue keeps the order of turns around an aborted one", async () => {
  const queue = new SerialQueue();
  const log: string[] = [];
  const a = await enter(queue, "a", log);
  const controller = new AbortController();
  const b = enter(queue, "b", log, controller.signal);
  const c = enter(queue, "c", log);
  controller.abort();
  assertEquals(await b, undefined);
  await settle();
  assertEquals(log, ["a", "b gave up"]);
  a?.();
  (await c)?.();
  assertEquals(log, ["a", "b gave up", "c"]);
});

Deno.test("SerialQueue does not admit a turn whose signal is already aborted, and continues", async () => {
  const queue = new SerialQueue();
  const aborted = AbortSignal.abort(new Error("Too late"));
  assertEquals(await queue.enter(aborted), undefined);
  (await queue.enter())?.();
});

Deno.test("SerialQueue leaves no listener on a signal", async () => {
  const queue = new SerialQueue();
  const { controller, signal, listeners } = countedController();
  // Admitted at once, admitted later, and aborted.
  const leave = await queue.enter(signal);
  assertEquals(listeners(), 0);
  const later = queue.enter(signal);
  assertEquals(listeners(), 1);
  leave?.();
  const next = await later;
  assertEquals(listeners(), 0);
  const aborted = queue.enter(signal);
  controller.abort(new Error("Enough"));
  assertEquals(await aborted, undefined);
  assertEquals(listeners(), 0);
  next?.();
});

Deno.test("SerialQueue keeps an admitted turn when its signal is aborted later", async () => {
  const queue = new SerialQueue();
  const log: string[] = [];
  const controller = new AbortController();
  const leave = await enter(queue, "a", log, controller.signal);
  controller.abort();
  const b = enter(queue, "b", log);
  await settle();
  assertEquals(log, ["a"]);
  leave?.();
  (await b)?.();
});
