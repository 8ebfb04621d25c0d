import { assertEquals } from "@std/assert";
import { decode, decodeValues, splitIntoChunks, utf8 } from "./support.ts";

Deno.test("JsonlDecoder reads an event after terminal escapes and white space", () => {
  const escapes = [
    "\u001b[0m",
    "\u001b[?25h",
    "\u001b[38;5;196m\u001b[1m",
    "\u001b[2K\r",
    "\u001b]0;a title\u0007",
    "\u001b]8;;https://example.com\u001b\\",
    "\u001b=\u001b>\u001b7\u001b8",
    " \t\u001b[0m ",
  ];
  for (const escape of escapes) {
    const decoded = decode([utf8(`${escape}{"a":1}\n`)]);
    assertEquals(decoded.lines, [{ lineNumber: 1, value: { a: 1 } }], escape);
    assertEquals(decoded.diagnostics, []);
  }
});

Deno.test("JsonlDecoder skips a line of only terminal escapes", () => {
  const decoded = decode([utf8("\u001b[0m\n\u001b[2K\u001b[1G\r\n")]);
  assertEquals(decoded, { lines: [], diagnostics: [], problem: undefined });
});

// Facts F8.
Deno.test("JsonlDecoder reports lines that do not begin like an object, with their numbers", () => {
  const noise = [
    "WARNING: proceeding",
    "[1,2]",
    '[{"type":"turn.completed"}]',
    "42",
    "null",
    "true",
    '"text"',
    "\u001b[31mred warning",
    "\u001b]0;a title that never ends",
    'prefix {"type":"turn.completed"}',
    "}",
  ];
  const decoded = decode([utf8(["", ...noise, '{"a":1}', ""].join("\n"))]);
  assertEquals(
    decoded.diagnostics,
    noise.map((message, index) => ({
      kind: "noise",
      lineNumber: index + 2,
      path: "",
      message,
    })),
  );
  assertEquals(decoded.lines, [
    { lineNumber: noise.length + 2, value: { a: 1 } },
  ]);
  assertEquals(decoded.problem, undefined);
});

Deno.test("JsonlDecoder reports a last noise line without a line feed", () => {
  const decoded = decode([utf8('{"a":1}\nKilled')]);
  assertEquals(decoded.diagnostics, [
    { kind: "noise", lineNumber: 2, path: "", message: "Killed" },
  ]);
});

Deno.test("JsonlDecoder keeps 1,024 characters of a noise line", () => {
  const messages = decode([
    utf8(`${"x".repeat(1024)}\n${"y".repeat(1025)}\n${"z".repeat(5000)}\n`),
  ]).diagnostics.map((one) => one.message);
  assertEquals(messages, [
    "x".repeat(1024),
    `${"y".repeat(1024)}… (1 more characters)`,
    `${"z".repeat(1024)}… (3976 more characters)`,
  ]);
});

Deno.test("JsonlDecoder keeps the order of noise across chunks", () => {
  const decoded = decode(splitIntoChunks(utf8("one\ntwo\nthree\n"), 2));
  assertEquals(
    decoded.diagnostics.map((one) => [one.lineNumber, one.message]),
    [[1, "one"], [2, "two"], [3, "three"]],
  );
});

Deno.test("JsonlDecoder needs no listener for noise", () => {
  assertEquals(decodeValues('noise\n{"a":1}\n'), [{ a: 1 }]);
});

Deno.test("JsonlDecoder reads a line that begins with millions of blanks or escapes", () => {
  for (const piece of [" ", "\u001b[0m"]) {
    const data = utf8(`${piece.repeat(20_000_000 / piece.length)}{"a":1}\n`);
    assertEquals(decode([data]).lines, [{ lineNumber: 1, value: { a: 1 } }]);
  }
});
