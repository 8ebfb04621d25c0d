import { assertEquals } from "@std/assert";
import { ListenerCalls } from "../../src/turn/listener_calls.ts";
import { sleep } from "../../src/util/sleep.ts";

const plain = (text: string): string => text.replaceAll("secret", "[redacted]");

Deno.test("ListenerCalls calls listeners in order, and not synchronously", async () => {
  const calls = new ListenerCalls(plain);
  const seen: number[] = [];
  for (const each of [1, 2, 3]) calls.add("onEvent", () => seen.push(each));
  await Promise.resolve();
  assertEquals(seen, []);
  await sleep(5);
  assertEquals(seen, [1, 2, 3]);
  assertEquals(await calls.settle(), []);
});

Deno.test("ListenerCalls queues calls that a listener adds behind those already waiting", () => {
  const calls = new ListenerCalls(plain);
  const seen: string[] = [];
  calls.add("onEvent", () => {
    seen.push("a");
    calls.add("onEvent", () => seen.push("c"));
  });
  calls.add("onEvent", () => seen.push("b"));
  calls.flush();
  assertEquals(seen, ["a", "b"]);
  calls.flush();
  assertEquals(seen, ["a", "b", "c"]);
});

Deno.test("ListenerCalls reports each failing listener once, in a short, redacted message", async () => {
  const calls = new ListenerCalls(plain);
  for (let index = 0; index < 3; index++) {
    calls.add("onEvent", () => {
      throw new Error(`secret ${index} ${"x".repeat(1e6)}`);
    });
  }
  calls.add("onExit", () => Promise.reject("later"));
  const [first = "", second] = await calls.settle();
  assertEquals(
    first.slice(0, 70),
    "The listener onEvent failed 3 times, first: [redacted] 0 xxxxxxxxxxxxx",
  );
  assertEquals(first.length < 400, true);
  assertEquals(second, "The listener onExit failed: later");
  assertEquals(await calls.settle(), []);
});

const HOSTILE: { readonly [what: string]: () => unknown } = {
  "a proxy that throws": () =>
    new Proxy({}, {
      getPrototypeOf: () => {
        throw new Error("no");
      },
      get: () => {
        throw new Error("no");
      },
    }),
  "an error whose message is a trap": () =>
    Object.defineProperty(new Error(), "message", {
      get: () => {
        throw new Error("no");
      },
    }),
  "an object without a prototype": () => Object.create(null),
  "a revoked function": () => {
    const { proxy, revoke } = Proxy.revocable(() => {}, {});
    revoke();
    return proxy;
  },
};

for (const [what, make] of Object.entries(HOSTILE)) {
  Deno.test(`ListenerCalls survives a listener that throws, rejects with or returns ${what}`, async () => {
    const calls = new ListenerCalls(plain);
    calls.add("onEvent", () => {
      throw make();
    });
    // A thenable rejects; anything else is an ordinary value.
    calls.add("onStderr", () => make());
    calls.add(
      "onExit",
      () => new Promise((_, reject) => reject(make())),
    );
    const warnings = await calls.settle();
    const failed = (name: string): string =>
      `The listener ${name} failed: a value that cannot be read was thrown`;
    assertEquals(
      warnings.filter((each) => !each.includes("onStderr")),
      [failed("onEvent"), failed("onExit")],
    );
  });
}

Deno.test("ListenerCalls reports a thrown symbol or undefined by its text", async () => {
  for (
    const [thrown, words] of [[Symbol("s"), "Symbol(s)"], [
      undefined,
      "undefined",
    ]] as const
  ) {
    const calls = new ListenerCalls(plain);
    calls.add("onEvent", () => {
      throw thrown;
    });
    assertEquals(await calls.settle(), [
      `The listener onEvent failed: ${words}`,
    ]);
  }
});

Deno.test("ListenerCalls reports a promise that rejects soon, and waits only once for one that never settles", async () => {
  const calls = new ListenerCalls(plain);
  calls.add("onEvent", async () => {
    await sleep(20);
    throw new Error("soon");
  });
  assertEquals(await calls.settle(), ["The listener onEvent failed: soon"]);
  calls.add("onEvent", () => new Promise(() => {}));
  const begun = performance.now();
  await calls.settle();
  const first = performance.now() - begun;
  await calls.settle();
  const second = performance.now() - begun - first;
  assertEquals([first > 90, second < first / 2], [true, true]);
});
