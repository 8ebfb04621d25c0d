import { assertEquals, assertLess } from "@std/assert";
import { chunksOf, decode, utf8 } from "./support.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** The shortest of some runs, in milliseconds: what other work on the machine adds is left out. */
function shortestTime(action: () => void): number {
  let shortest = Infinity;
  for (let run = 0; run < 5; run++) {
    const start = performance.now();
    action();
    shortest = Math.min(shortest, performance.now() - start);
  }
  return shortest;
}

function decodeLineOf(length: number, chunkSize: number): void {
  const data = utf8(`{"a":"${"x".repeat(length)}"}\n`);
  const { lines } = decode(chunksOf(data, chunkSize));
  assertEquals(String(lines[0]?.value.a).length, length);
}

// Eight times the bytes take 8 times as long where the work is linear, and 64
// times where it is quadratic; 24 is as far from the one as from the other.
for (
  const { name, small, chunkSize } of [
    { name: "16 MiB in 4 KiB chunks", small: 2 * MIB, chunkSize: 4 * KIB },
    { name: "2 MiB in 8-byte chunks", small: 256 * KIB, chunkSize: 8 },
  ]
) {
  Deno.test(`JsonlDecoder decodes one line of ${name} in linear time`, () => {
    decodeLineOf(small, chunkSize);
    const base = shortestTime(() => decodeLineOf(small, chunkSize));
    const eightfold = shortestTime(() => decodeLineOf(8 * small, chunkSize));
    assertLess(eightfold / base, 24);
  });
}

Deno.test("JsonlDecoder decodes a 16 MiB chunk of short lines in linear time", () => {
  const decodeLines = (size: number): void => {
    const line = '{"type":"turn.started"}\n';
    const count = Math.floor(size / line.length);
    assertEquals(decode([utf8(line.repeat(count))]).lines.length, count);
  };
  decodeLines(2 * MIB);
  const base = shortestTime(() => decodeLines(2 * MIB));
  assertLess(shortestTime(() => decodeLines(16 * MIB)) / base, 24);
});
