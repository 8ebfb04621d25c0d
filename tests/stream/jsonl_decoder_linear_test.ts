import { assertEquals } from "@std/assert";
import { decode, splitIntoChunks, utf8 } from "./support.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

// No time is measured: a quadratic algorithm would copy terabytes here and run into the
// time limit of the whole test run.

// Facts R7.
Deno.test("JsonlDecoder decodes one line of 64 MiB in 1 KiB chunks", () => {
  const length = 64 * MIB;
  const data = utf8(`{"a":"${"x".repeat(length)}"}\n`);
  const { lines } = decode(splitIntoChunks(data, KIB));
  assertEquals(String(lines[0]?.value.a).length, length);
});

Deno.test("JsonlDecoder decodes one line of 4 MiB in 8-byte chunks", () => {
  const length = 4 * MIB;
  const data = utf8(`{"a":"${"x".repeat(length)}"}\n`);
  const { lines } = decode(splitIntoChunks(data, 8));
  assertEquals(String(lines[0]?.value.a).length, length);
});

Deno.test("JsonlDecoder decodes a chunk of a million lines", () => {
  const count = 1_000_000;
  const data = utf8('{"a":1}\n'.repeat(count));
  const { lines } = decode([data]);
  assertEquals([lines.length, lines.at(-1)?.lineNumber], [count, count]);
});
