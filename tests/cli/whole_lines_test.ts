import { assertEquals } from "@std/assert";
import { Redactor } from "../../src/cli/redact.ts";
import { WholeLines } from "../../src/cli/whole_lines.ts";

const KEY = "key-of-twelve";

function cleaned(pieces: readonly string[]): string[] {
  const redactor = new Redactor([KEY]);
  const lines = new WholeLines((text, isCut) => redactor.clean(text, isCut));
  const encoder = new TextEncoder();
  const given = pieces.map((piece) => lines.push(encoder.encode(piece)));
  return [...given, lines.end()].filter((text) => text !== "");
}

Deno.test("WholeLines returns complete lines, and the last one at the end", () => {
  assertEquals(cleaned(["a", "b\nc\nd", "e", "\n", "f"]), [
    "ab\nc\n",
    "de\n",
    "f",
  ]);
  assertEquals(cleaned([]), []);
});

Deno.test("WholeLines joins a character that arrives in two pieces", () => {
  const lines = new WholeLines((text) => text);
  const bytes = new TextEncoder().encode("é\n");
  assertEquals(lines.push(bytes.slice(0, 1)), "");
  assertEquals(lines.push(bytes.slice(1)), "é\n");
});

Deno.test("WholeLines redacts a secret wherever the pieces end", () => {
  for (let at = 1; at < KEY.length; at++) {
    const text = cleaned([`x ${KEY.slice(0, at)}`, `${KEY.slice(at)} y\n`]);
    assertEquals(text, ["x [redacted] y\n"]);
  }
});

Deno.test("WholeLines returns no part of a secret where a long line is cut, and keeps the rest of the line", () => {
  const long = 64 * 1024;
  for (let at = 0; at <= KEY.length; at++) {
    const text = cleaned([
      "x".repeat(long - at),
      KEY.slice(0, at),
      KEY.slice(at),
      " end\n",
    ]).join("");
    assertEquals(/key-|-of-|twelve/.test(text), false, text.slice(-40));
    assertEquals(text.startsWith("x".repeat(long - at)), true);
    assertEquals(text.endsWith(" end\n"), true);
  }
});

Deno.test("WholeLines buffers a line without an end only up to its cap", () => {
  const lines = new WholeLines((text) => text);
  let given = 0;
  for (let index = 0; index < 64; index++) {
    given += lines.push(new Uint8Array(16 * 1024).fill(120)).length;
  }
  assertEquals(given, 64 * 16 * 1024);
});
