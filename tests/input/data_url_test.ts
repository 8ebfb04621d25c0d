import { assertEquals, assertThrows } from "@std/assert";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import { decodeDataUrl } from "../../src/input/data_url.ts";

const PLACE = "input[1].image";

const decode = (data: string): number[] => [
  ...decodeDataUrl(`data:image/png,${data}`, PLACE),
];
const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];

const DATA: readonly [data: string, bytes: number[]][] = [
  ["", []],
  ["%89PNG%0d%0A", [0x89, 0x50, 0x4e, 0x47, 13, 10]],
  ["%00%ff%Ff%fF", [0, 255, 255, 255]],
  // The result of an escape does not begin another one.
  ["%2541", utf8("%41")],
  ["a,b;c%2Cd", utf8("a,b;c,d")],
  // A character outside ASCII is its UTF-8, as in a browser; a lone surrogate is
  // U+FFFD.
  ["€%e2%82%ac🚀é", utf8("€€🚀é")],
  ["\ud83d%41\ude80", utf8("\ufffdA\ufffd")],
];

for (const [data, bytes] of DATA) {
  Deno.test(`decodeDataUrl reads ${JSON.stringify(data)} byte by byte`, () => {
    assertEquals(decode(data), bytes);
  });
}

const BAD = ["%", "a%", "%4", "%4g", "%g4", "% 4", "%+4", "%%41", "%é0", "%-1"];

for (const data of BAD) {
  Deno.test(`decodeDataUrl rejects ${data}, at the start, in the middle and at the end`, () => {
    const others = [`${data}%41bc`, `ab%41${data}%41bc`, `ab%41${data}`];
    for (const text of [data, ...others]) {
      assertThrows(
        () => decode(text),
        CodexInputError,
        `Cannot use the data: URL at ${PLACE}: its data is not correctly encoded`,
      );
    }
  });
}

Deno.test("decodeDataUrl encodes the text of a URL once, for any number of escapes", () => {
  const { encode } = TextEncoder.prototype;
  let calls = 0;
  TextEncoder.prototype.encode = function (text): Uint8Array<ArrayBuffer> {
    calls += 1;
    return encode.call(this, text);
  };
  try {
    const bytes = decodeDataUrl(`data:,${"a%89".repeat(100_000)}`, PLACE);
    assertEquals([bytes.length, bytes[0], bytes[199_999]], [200_000, 97, 0x89]);
  } finally {
    TextEncoder.prototype.encode = encode;
  }
  assertEquals(calls, 1);
});

Deno.test("decodeDataUrl keeps only the bytes in its buffer", () => {
  const bytes = decodeDataUrl(`data:,${"%89".repeat(1000)}`, PLACE);
  assertEquals([bytes.length, bytes.buffer.byteLength], [1000, 1000]);
});
