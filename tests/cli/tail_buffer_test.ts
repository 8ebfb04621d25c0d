import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { TailBuffer } from "../../src/cli/tail_buffer.ts";
import { randomNumbers } from "../../src/testing/random_numbers.ts";

const encoder = new TextEncoder();

/**
 * Returns the last bytes as text, without the rest of a character that was cut at the
 * front.
 */
function naiveTail(bytes: readonly number[], limit: number): string {
  let start = Math.max(0, bytes.length - limit);
  while (start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return new TextDecoder().decode(Uint8Array.from(bytes.slice(start)));
}

Deno.test("TailBuffer is empty at first, and after an empty chunk", () => {
  const tail = new TailBuffer(4);
  assertEquals(tail.toString(), "");
  tail.push(new Uint8Array(0));
  assertEquals(tail.toString(), "");
});

Deno.test("TailBuffer keeps everything up to its limit, and the end beyond it", () => {
  const tail = new TailBuffer(4);
  tail.push(encoder.encode("abcd"));
  assertEquals(tail.toString(), "abcd");
  tail.push(encoder.encode("e"));
  assertEquals(tail.toString(), "bcde");
  tail.push(encoder.encode("0123456789"));
  assertEquals(tail.toString(), "6789");
});

Deno.test("TailBuffer copies chunks, which may change afterwards", () => {
  const tail = new TailBuffer(8);
  const chunk = encoder.encode("before");
  tail.push(chunk);
  chunk.fill(0);
  assertEquals(tail.toString(), "before");
});

Deno.test("TailBuffer drops a character that was cut, and only that", () => {
  for (
    const [text, limit, kept] of [
      ["aé", 2, "é"],
      ["aé", 1, ""],
      ["€€", 5, "€"],
      ["€€", 3, "€"],
      ["x🚀y", 5, "🚀y"],
      ["x🚀y", 4, "y"],
      ["x🚀y", 2, "y"],
    ] as const
  ) {
    const tail = new TailBuffer(limit);
    tail.push(encoder.encode(text));
    assertEquals(tail.toString(), kept, `${text} in ${limit}`);
  }
});

Deno.test("TailBuffer joins characters that arrive in pieces", () => {
  const tail = new TailBuffer(100);
  for (const byte of encoder.encode("grüße 🚀")) tail.push(Uint8Array.of(byte));
  assertEquals(tail.toString(), "grüße 🚀");
});

Deno.test("TailBuffer shows invalid UTF-8 as replacement characters", () => {
  const tail = new TailBuffer(100);
  tail.push(Uint8Array.of(0x61, 0xff, 0x62));
  assertEquals(tail.toString(), "a\ufffdb");
});

Deno.test("TailBuffer agrees with a naive tail on random chunks", () => {
  const random = randomNumbers(1);
  const alphabet = [..."ab\néß€🚀\u0000"];
  for (let round = 0; round < 300; round++) {
    const limit = 1 + random(64);
    const tail = new TailBuffer(limit);
    const all: number[] = [];
    for (let step = random(40); step > 0; step--) {
      const text = Array.from(
        { length: random(3) === 0 ? random(100) : random(6) },
        () => alphabet[random(alphabet.length)],
      ).join("");
      // Cut anywhere, even inside a character.
      const bytes = encoder.encode(text);
      const chunk = bytes.subarray(random(bytes.length + 1));
      tail.push(chunk);
      all.push(...chunk);
      assertEquals(tail.toString(), naiveTail(all, limit), `limit ${limit}`);
    }
  }
});

Deno.test("TailBuffer stays small for any amount of input, in pieces of any size", () => {
  const limit = 64 * 1024;
  for (const size of [1, 1000, limit - 1, limit, 10 * limit]) {
    const tail = new TailBuffer(limit);
    const chunk = new Uint8Array(size).fill(0x61);
    const pushes = Math.min(300_000, Math.ceil(20 * limit / size));
    // The buffer's arrays are private, so its allocations are counted here.
    const allocated: number[] = [];
    const { Uint8Array: Real } = globalThis;
    globalThis.Uint8Array = new Proxy(Real, {
      construct(target, args) {
        if (typeof args[0] === "number") allocated.push(args[0]);
        return Reflect.construct(target, args);
      },
    });
    try {
      for (let push = 0; push < pushes; push++) tail.push(chunk);
    } finally {
      globalThis.Uint8Array = Real;
    }
    assert(allocated.length > 0);
    for (const bytes of allocated) assertLessOrEqual(bytes, 2 * limit);
    // It grows a few times, and then no more.
    assertLessOrEqual(allocated.length, 20);
    assertEquals(tail.toString(), "a".repeat(Math.min(limit, pushes * size)));
  }
});
