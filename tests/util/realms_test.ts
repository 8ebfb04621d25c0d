import { assertEquals } from "@std/assert";
import { runInNewContext } from "node:vm";
import { CodexCancelledError, CodexInputError } from "../../mod.ts";
import { agentMessage, fakeCodex } from "../../testing.ts";
import { redactError } from "../../src/cli/redact_error.ts";
import { cleanCause } from "../../src/errors/clean_cause.ts";
import { hostReason, isMissing } from "../../src/errors/host_error.ts";
import { isBytes, isError, isPromise } from "../../src/util/realms.ts";
import { thrownMessage } from "../../src/util/thrown_message.ts";

/** An error as test runners see those of the runtime: of another realm. */
const MISSING: unknown = runInNewContext(
  `Object.assign(new Error("gone"), { code: "ENOENT", syscall: "stat" })`,
);

Deno.test("Errors, promises and bytes of another realm are recognized", () => {
  assertEquals(MISSING instanceof Error, false);
  assertEquals([MISSING, new DOMException("no")].map(isError), [true, true]);
  assertEquals([undefined, "no", { message: "no" }].map(isError), [
    false,
    false,
    false,
  ]);
  assertEquals(isPromise(runInNewContext("Promise.resolve()")), true);
  assertEquals(isPromise({ then() {} }), false);
  const bytes = [new Uint8Array(1), runInNewContext("new Uint8Array(1)")];
  assertEquals(bytes.map(isBytes), [true, true]);
  assertEquals(
    [[1], "1", new ArrayBuffer(1)].map(isBytes),
    Array(3).fill(false),
  );
});

Deno.test("Errors of another realm have their message, code and fields", () => {
  assertEquals(isMissing(MISSING), true);
  assertEquals(
    hostReason(MISSING),
    "the file or folder does not exist (ENOENT)",
  );
  assertEquals(thrownMessage(MISSING), "gone");
  const { name, message, code } = cleanCause(MISSING) as Error & {
    readonly code?: unknown;
  };
  assertEquals([name, message, code], ["Error", "gone", "ENOENT"]);
  const { cause } = new CodexCancelledError(undefined, { cause: MISSING })
    .toJSON();
  assertEquals(cause, {
    name: "Error",
    message: "gone",
    code: "ENOENT",
    syscall: "stat",
  });
});

Deno.test("Secrets are removed from a cause of another realm", () => {
  const cause: unknown = runInNewContext(`new Error("the key is 1234")`);
  const error = new CodexInputError("no", { path: "", cause });
  redactError(error, (text) => text.replaceAll("1234", "…"));
  assertEquals(thrownMessage(error.cause), "the key is …");
});

Deno.test("An outputType may return a promise of another realm", async () => {
  const turn = await fakeCodex([agentMessage("{}")]).startThread().run("Hi", {
    outputType: {
      schema: { type: "object", properties: {}, additionalProperties: false },
      parse: (): Promise<string> => runInNewContext("Promise.resolve('read')"),
    },
  });
  assertEquals(await turn.readStructuredResponse(), "read");
  assertEquals(turn.structuredResponse, "read");
});
