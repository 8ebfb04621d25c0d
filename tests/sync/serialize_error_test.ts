import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import * as acodex from "../../mod.ts";
import type { CodexErrorCode } from "../../mod.ts";
import { ERRORS, ITEMS, seen } from "../errors/each_error.ts";
import {
  deserializeError,
  serializeError,
} from "../../src/sync/serialize_error.ts";
import { redactError } from "../../src/cli/redact_error.ts";
import { NO_TURN_FACTS } from "../../src/errors/turn_facts.ts";

/**
 * Serializes an error, copies it as a message to another thread is copied, and
 * deserializes it.
 */
function sent(error: unknown): Error {
  return deserializeError(structuredClone(serializeError(error)), ITEMS);
}

for (const error of ERRORS) {
  Deno.test(`deserializeError restores a ${error.constructor.name} with the code ${error.code}`, () => {
    const again = sent(error);
    assertStrictEquals(again.constructor, error.constructor);
    assertEquals(seen(again), seen(error));
  });
}

Deno.test("deserializeError restores foreign errors with their names and plain fields", () => {
  const cause = Object.assign(new TypeError("not here"), {
    code: "ENOENT",
    errno: -2,
    helper(): void {},
  });
  const again = sent(new acodex.CodexInternalError("no", { cause }));
  assert(again.cause instanceof Error);
  const { name, message, code, errno } = again.cause as typeof cause;
  assertEquals([name, message, code, errno], [
    "TypeError",
    "not here",
    "ENOENT",
    -2,
  ]);
  assertEquals(again.cause.stack, cause.stack);
  assert(!("helper" in again.cause));
});

Deno.test("serializeError accepts values that are not errors, and bounds cyclic causes", () => {
  assertEquals(sent("just text").message, "just text");
  const one = new acodex.CodexInternalError("one");
  const two = new acodex.CodexInternalError("two", { cause: one });
  Object.defineProperty(one, "cause", { value: two });
  let depth = 0;
  for (let at: unknown = sent(one); at instanceof Error; at = at.cause) {
    depth += 1;
  }
  assertEquals(depth, 9);
});

Deno.test("deserializeError includes the stack of the waiting thread", () => {
  const error = new acodex.CodexTurnError(
    "no",
    { code: "turn_failed" satisfies CodexErrorCode, facts: NO_TURN_FACTS },
  );
  const packed = structuredClone(serializeError(error));
  function waitingCaller(): Error {
    return deserializeError(packed, []);
  }
  assert(waitingCaller().stack?.includes("waitingCaller"));
});

Deno.test("serializeError uses the current fields of an error that was changed after its creation", () => {
  const error = new acodex.CodexExecutableNotFoundError("no", {
    searched: ["/tmp/sk-secret/codex", "PATH"],
  });
  redactError(error, (text) => text.replaceAll("sk-secret", "[redacted]"));
  const again = sent(error) as acodex.CodexExecutableNotFoundError;
  assertEquals(again.searched, ["/tmp/[redacted]/codex", "PATH"]);
  const host = new acodex.CodexEnvironmentError("no", {
    path: "/tmp/sk-secret",
    systemCode: "EROFS",
  });
  redactError(host, (text) => text.replaceAll("sk-secret", "[redacted]"));
  assertEquals(Reflect.get(sent(host), "path"), "/tmp/[redacted]");
});
