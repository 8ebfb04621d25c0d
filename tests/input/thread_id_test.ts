import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import { checkThreadId } from "../../src/input/thread_id.ts";

const ID = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";

Deno.test("checkThreadId accepts a UUID in upper or lower case", () => {
  checkThreadId(ID);
  checkThreadId(ID.toUpperCase());
});

const NO_IDS: unknown[] = [
  "",
  "--last",
  "--dangerously-bypass-approvals-and-sandbox",
  "-",
  "my-thread",
  `${ID} `,
  ` ${ID}`,
  `${ID}\n`,
  `-${ID}`,
  `${ID}${ID}`,
  ID.replaceAll("-", ""),
  `{${ID}}`,
  ID.replace("0", "g"),
  undefined,
  null,
  7,
  [ID],
  Symbol("id"),
];

for (const id of NO_IDS) {
  const shown = typeof id === "string" ? JSON.stringify(id) : String(id);
  Deno.test(`checkThreadId rejects ${typeof id} ${shown}`, () => {
    const error = assertThrows(() => checkThreadId(id));
    assertInstanceOf(error, CodexInputError);
    assertEquals([error.path, error.code], ["threadId", "invalid_input"]);
  });
}

Deno.test("checkThreadId rejects an object that cannot be shown as text", () => {
  let deep: unknown[] = [];
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  for (const id of [deep, Object.create(null)]) {
    const error = assertThrows(
      () => checkThreadId(id),
      CodexInputError,
      "Cannot resume thread (an object): a thread id is a UUID",
    );
    assertEquals(error.path, "threadId");
  }
});

Deno.test("checkThreadId shows only the start of a long id", () => {
  const error = assertThrows(() => checkThreadId("x".repeat(100_000)));
  assertInstanceOf(error, CodexInputError);
  assertEquals(error.message.includes(`"${"x".repeat(100)}"`), true);
});
