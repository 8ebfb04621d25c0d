import { assert, assertThrows } from "@std/assert";
import { CodexInternalError } from "../../mod.ts";
import { CodexSync } from "../../src/sync/mod.ts";

Deno.test("CodexSync says where a thread cannot be blocked", () => {
  const wait = Atomics.wait;
  // What a browser's main thread does.
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
