import { assertEquals } from "@std/assert";
import { thrownMessage } from "../../src/util/thrown_message.ts";

const UNREADABLE = "a value that cannot be read was thrown";

/** An error whose message throws when it is read. */
class Unreadable extends Error {
  override get message(): string {
    throw new Error("no");
  }
}

const CASES: [name: string, thrown: unknown, message: string][] = [
  ["an error", new Error("no disk"), "no disk"],
  ["an error without a message", new TypeError(), "TypeError"],
  [
    "an error whose message is not a string",
    Object.assign(new Error(), { message: 7 }),
    "7",
  ],
  ["a string", "no disk", "no disk"],
  ["undefined", undefined, "undefined"],
  ["a symbol", Symbol("no"), "Symbol(no)"],
  ["an object without a prototype", Object.create(null), UNREADABLE],
  ["an error that throws when it is read", new Unreadable(), UNREADABLE],
  ["a revoked proxy", revoked(), UNREADABLE],
];

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

for (const [name, thrown, message] of CASES) {
  Deno.test(`thrownMessage reads ${name}`, () => {
    assertEquals(thrownMessage(thrown), message);
  });
}
