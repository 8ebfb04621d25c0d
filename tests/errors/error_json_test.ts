import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import * as acodex from "../../mod.ts";
import {
  CodexCancelledError,
  CodexError,
  CodexInputError,
  errorFromJSON,
} from "../../mod.ts";
import { thrownMessage } from "../../src/util/thrown_message.ts";
import { ERRORS, seen } from "./each_error.ts";

/** Sends an error through JSON. */
function sent(error: CodexError): CodexError {
  return errorFromJSON(JSON.parse(JSON.stringify(error)));
}

for (const error of ERRORS) {
  Deno.test(`A ${error.constructor.name} of code ${error.code} survives JSON`, () => {
    const again = sent(error);
    assertStrictEquals(again.constructor, error.constructor);
    assertEquals(seen(again), seen(error));
    assertEquals(JSON.stringify(sent(again)), JSON.stringify(error));
  });
}

Deno.test("Every class of errors is tested", () => {
  const exported = Object.values(acodex).filter((value) =>
    typeof value === "function" &&
    (Object(value) === acodex.CodexError ||
      Object(value).prototype instanceof acodex.CodexError)
  );
  assert(exported.length >= 19);
  for (const type of exported) {
    assert(ERRORS.some((error) => error.constructor === type), type.name);
  }
});

Deno.test("An error's JSON has its properties, flat, and no stack", () => {
  const cause = Object.assign(new TypeError("not here"), {
    code: "ENOENT",
    secret: { of: "somebody" },
  });
  const json = JSON.parse(JSON.stringify(
    new acodex.CodexExecError("no", { code: "exited", cause }),
  ));
  assertEquals(json, {
    class: "CodexExecError",
    name: "CodexExecError",
    message: "no",
    code: "exited",
    cause: { name: "TypeError", message: "not here", code: "ENOENT" },
  });
  const again = errorFromJSON(json);
  assert(again.cause instanceof Error);
  assertEquals([again.cause.name, again.cause.message], [
    "TypeError",
    "not here",
  ]);
});

Deno.test("errorFromJSON reads an error of a later version as a CodexError with its code and message", () => {
  const again = errorFromJSON({
    class: "CodexFutureError",
    name: "CodexFutureError",
    message: "soon",
    code: "future",
  });
  assertStrictEquals(again.constructor, CodexError);
  assertEquals([again.message, String(again.code)], ["soon", "future"]);
});

Deno.test("errorFromJSON rejects a value that is not an error of this package", () => {
  let deep: object = { name: "Error", message: "deepest" };
  for (let index = 0; index < 5000; index += 1) {
    deep = {
      ...{ class: "CodexError", name: "a", message: "b", code: "internal" },
      cause: deep,
    };
  }
  assert(errorFromJSON(deep) instanceof CodexError);
  for (
    const value of [
      undefined,
      null,
      "Error: no",
      [],
      {},
      { name: "Error", message: "no" },
      { class: "CodexError", name: "CodexError" },
      { class: "constructor", name: "a", message: "no" },
      { class: "CodexError", name: "a", message: "no", code: 7 },
      { class: "constructor", name: 1, message: "no" },
    ]
  ) {
    const error = assertThrows(() => errorFromJSON(value), CodexInputError);
    assertEquals(error.path, "value");
  }
});

Deno.test("errorFromJSON replaces malformed facts of a turn by those of a turn that never began", () => {
  const error = errorFromJSON({
    ...{
      class: "CodexTurnError",
      name: "a",
      message: "b",
      code: "turn_failed",
    },
    ...{ items: [], warnings: 5 },
  });
  assert(error instanceof acodex.CodexTurnError);
  assertEquals(error.warnings, []);
});

Deno.test("errorFromJSON ignores prototypes in JSON", () => {
  const json = JSON.parse(
    `{"class":"CodexError","name":"a","message":"b","code":"internal",
      "cause":{"name":"c","message":"d","__proto__":{"polluted":true}},
      "__proto__":{"polluted":true}}`,
  );
  const error = errorFromJSON(json);
  assertEquals(Reflect.get(error, "polluted"), undefined);
  assertEquals(Reflect.get(Object(error.cause), "polluted"), undefined);
  assert(error.cause instanceof Error);
});

/** An error whose message throws when it is read. */
class Unreadable extends Error {
  override get message(): string {
    throw new Error("no");
  }
}

for (
  const [name, cause, message] of [
    ["a text", "The user left", "The user left"],
    ["a number", 7, "7"],
    ["null", null, "null"],
    ...[Object.create(null), new Unreadable(), revoked()].map((cause) =>
      [
        "a value that cannot be read",
        cause,
        "a value that cannot be read was thrown",
      ] as const
    ),
  ] as const
) {
  Deno.test(`An error whose cause is ${name} (${typeof cause}) survives JSON`, () => {
    const error = new CodexCancelledError(undefined, { cause });
    const json = JSON.parse(JSON.stringify(error));
    assertEquals(json.cause, { name: "Error", message });
    assertEquals(thrownMessage(errorFromJSON(json).cause), message);
  });
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
