import { assertEquals } from "@std/assert";
import { JsonlDecoder } from "../../src/stream/jsonl_decoder.ts";
import {
  bytes,
  decode,
  decodeValues,
  splitIntoChunks,
  utf8,
} from "./support.ts";

// Facts F7.
Deno.test("JsonlDecoder splits at 0x0A only: U+2028, U+2029 and U+0085 stay in their line", () => {
  for (const mark of ["\u2028", "\u2029", "\u0085", "\u000b", "\u000c"]) {
    // JSON does not allow the last two in a string, so they are escaped there.
    const isRaw = mark > "\u001f";
    const inside = isRaw ? mark : JSON.stringify(mark).slice(1, -1);
    const values = decodeValues(`{"a":"x${inside}y"}\n{"b":1}\n`);
    assertEquals(values, [{ a: `x${mark}y` }, { b: 1 }]);
  }
});

Deno.test("JsonlDecoder does not split at a lone carriage return", () => {
  assertEquals(decodeValues('{"a":\r1}\n'), [{ a: 1 }]);
});

Deno.test("JsonlDecoder drops the carriage return before a line feed", () => {
  const decoded = decode([utf8('{"a":1}\r\n\r\nnoise\r\n{"b":2}\r\n')]);
  assertEquals(decoded.lines, [
    { lineNumber: 1, value: { a: 1 } },
    { lineNumber: 4, value: { b: 2 } },
  ]);
  assertEquals(decoded.diagnostics, [
    { kind: "noise", lineNumber: 3, path: "", message: "noise" },
  ]);
});

Deno.test("JsonlDecoder skips blank lines silently, and counts them", () => {
  const decoded = decode([utf8('\n \t \n\n{"a":1}\n\u00a0\n{"b":2}')]);
  assertEquals(decoded.lines.map((line) => line.lineNumber), [4, 6]);
  assertEquals(decoded.diagnostics, []);
});

Deno.test("JsonlDecoder drops a byte order mark at the start, and one before a later event", () => {
  const mark = [0xef, 0xbb, 0xbf];
  const data = bytes(...mark, '{"a":1}\n', ...mark, '{"b":2}\n');
  for (const size of [1, 2, data.length]) {
    const decoded = decode(splitIntoChunks(data, size));
    assertEquals(decoded.lines.map((line) => line.value), [{ a: 1 }, { b: 2 }]);
    assertEquals(decoded.diagnostics, []);
  }
});

Deno.test("JsonlDecoder joins characters and lines that are split between chunks at any byte", () => {
  const data = utf8('{"ä":"€ 😀"}\r\n\nnö😀se\n{"last":"\u2028\ufeffé"}');
  const whole = decode([data]);
  assertEquals(whole.lines.map((line) => line.value), [
    { "ä": "€ 😀" },
    { last: "\u2028\ufeffé" },
  ]);
  assertEquals(whole.diagnostics.map((one) => one.message), ["nö😀se"]);
  for (let cut = 0; cut <= data.length; cut++) {
    const halves = [data.subarray(0, cut), data.subarray(cut)];
    assertEquals(decode(halves), whole, `cut at ${cut}`);
  }
  assertEquals(decode(splitIntoChunks(data, 1)), whole, "in single bytes");
});

// Facts R12.
Deno.test("JsonlDecoder keeps a U+FEFF inside an event, even after a chunk of ASCII", () => {
  const data = utf8('{"a":"x\ufeffy"}\n');
  for (let cut = 0; cut <= data.length; cut++) {
    const { lines } = decode([data.subarray(0, cut), data.subarray(cut)]);
    assertEquals(lines[0]?.value, { a: "x\ufeffy" }, `cut at ${cut}`);
  }
});

Deno.test("JsonlDecoder ignores empty chunks", () => {
  const none = new Uint8Array();
  const chunks = [none, utf8('{"a"'), none, none, utf8(":1}\n"), none];
  assertEquals(decode(chunks).lines, [{ lineNumber: 1, value: { a: 1 } }]);
});

Deno.test("JsonlDecoder replaces invalid UTF-8, and continues", () => {
  const data = bytes('{"a":"', 0xff, 0xc3, '"}\n{"b":1}\n', 0xe2, 0x82);
  for (const size of [1, data.length]) {
    const decoded = decode(splitIntoChunks(data, size));
    assertEquals(decoded.lines.map((line) => line.value), [
      { a: "\ufffd\ufffd" },
      { b: 1 },
    ]);
    // A character that the end cuts off becomes a replacement character too.
    assertEquals(decoded.diagnostics.map((one) => one.message), ["\ufffd"]);
  }
});

Deno.test("JsonlDecoder yields a last line without a line feed", () => {
  assertEquals(decodeValues('{"a":1}\n{"b":2}'), [{ a: 1 }, { b: 2 }]);
});

Deno.test("JsonlDecoder yields nothing for empty input", () => {
  const nothing = { lines: [], diagnostics: [], problem: undefined };
  assertEquals(decode([]), nothing);
  assertEquals(decode([new Uint8Array()]), nothing);
  assertEquals(decode([utf8("\n")]), nothing);
});

Deno.test("JsonlDecoder yields lines with the chunk that completes them", () => {
  const decoder = new JsonlDecoder();
  const counts = ['{"a":1}\n{"b":2}\n{"c"', ":3}", "\n", '{"d":4}']
    .map((text) => decoder.push(utf8(text)).lines.length);
  assertEquals(counts, [2, 0, 1, 0]);
  assertEquals(decoder.end().lines, [{ lineNumber: 4, value: { d: 4 } }]);
  assertEquals(decoder.end().lines, []);
});

Deno.test("JsonlDecoder keeps `__proto__` as a plain key, and the later of two equal keys", () => {
  const [first, second] = decodeValues(
    '{"__proto__":{"polluted":true}}\n{"id":"item_0","id":"ws_1"}\n',
  );
  assertEquals(Object.keys(first ?? {}), ["__proto__"]);
  assertEquals(Object.getPrototypeOf(first), Object.prototype);
  assertEquals(second, { id: "ws_1" });
});
