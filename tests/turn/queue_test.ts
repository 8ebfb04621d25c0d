import { assertEquals, assertRejects } from "@std/assert";
import { TurnQueue } from "../../src/turn/queue.ts";

/** Lets everything run that can run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Enters, and notes when it was let through. */
function enter(
  queue: TurnQueue,
  name: string,
  log: string[],
  ...signals: AbortSignal[]
): Promise<(() => void) | undefined> {
  const entered = queue.enter(...signals);
  entered.then((leave) => log.push(leave ? name : `${name} gave up`));
  return entered;
}

Deno.test("TurnQueue lets turns through one at a time, in the order of their coming", async () => {
  const queue = new TurnQueue();
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

Deno.test("TurnQueue takes leaving twice for leaving once", async () => {
  const queue = new TurnQueue();
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

Deno.test("TurnQueue lets go of a turn that is aborted", async () => {
  const queue = new TurnQueue();
  const log: string[] = [];
  const leave = await enter(queue, "a", log);
  const controller = new AbortController();
  const waiting = enter(queue, "b", log, controller.signal);
  controller.abort(new Error("Changed my mind"));
  assertEquals(await waiting, undefined);
  leave?.();
});

Deno.test("TurnQueue does not let those behind an aborted turn overtake those before it", async () => {
  const queue = new TurnQueue();
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

Deno.test("TurnQueue refuses a turn whose signal is aborted already, and goes on", async () => {
  const queue = new TurnQueue();
  const never = new AbortController().signal;
  const aborted = AbortSignal.abort(new Error("Too late"));
  assertEquals(await queue.enter(never, aborted), undefined);
  (await queue.enter())?.();
});

Deno.test("TurnQueue listens to every signal, and leaves no listener on any", async () => {
  const queue = new TurnQueue();
  const controllers = [new AbortController(), new AbortController()];
  const listeners = new Map<AbortSignal, unknown>();
  for (const { signal } of controllers) {
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners.set(signal, args[1]);
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      if (listeners.get(signal) === args[1]) listeners.delete(signal);
      remove(...args);
    };
  }
  const signals = controllers.map(({ signal }) => signal);
  // Let through at once, let through later, and aborted.
  const leave = await queue.enter(...signals);
  assertEquals(listeners.size, 0);
  const later = queue.enter(...signals);
  assertEquals(listeners.size, 2);
  leave?.();
  const next = await later;
  assertEquals(listeners.size, 0);
  const aborted = queue.enter(...signals);
  controllers[1]?.abort(new Error("Enough"));
  assertEquals(await aborted, undefined);
  assertEquals(listeners.size, 0);
  next?.();
});

Deno.test("TurnQueue keeps the turn that was let through when its signal is aborted later", async () => {
  const queue = new TurnQueue();
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

Deno.test("TurnQueue passes on what a signal throws that cannot be listened to, and lets the next turn through", async () => {
  const queue = new TurnQueue();
  const { signal } = new AbortController();
  signal.addEventListener = () => {
    throw new TypeError("Not today");
  };
  await assertRejects(() => queue.enter(signal), TypeError, "Not today");
  (await queue.enter())?.();
});
