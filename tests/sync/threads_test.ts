import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { CodexInternalError } from "../../mod.ts";
import { CodexSync } from "../../sync.ts";
import { turnWorker } from "../../src/sync/turn_worker.ts";
import { printTurn } from "../support/fake_codex.ts";
import { withinMinute } from "../../src/testing/waiting.ts";
import { fakeClientSync } from "./support.ts";

Deno.test("The constructor of CodexSync throws in a thread that cannot be blocked", () => {
  const wait = Atomics.wait;
  // As on a browser's main thread.
  Atomics.wait = () => {
    throw new TypeError("Atomics.wait cannot be called in this context");
  };
  try {
    const error = assertThrows(() => new CodexSync(), CodexInternalError);
    assert(error.message.includes("a browser's main thread"));
    assert(error.cause instanceof TypeError);
  } finally {
    Atomics.wait = wait;
  }
});

// Facts R21.
Deno.test("The next turn starts a new worker if the old one has exited", async () => {
  await using fake = await fakeClientSync(printTurn("Hello"));
  const thread = fake.codex.startThread();
  thread.run("Hi");
  const first = turnWorker();
  assertStrictEquals(turnWorker(), first);
  const exited = new Promise((resolve) => first.once("exit", resolve));
  await first.terminate();
  await withinMinute("the end of the worker", exited);
  assertEquals(thread.run("Again").finalResponse, "Hello");
  assertNotStrictEquals(turnWorker(), first);
});
