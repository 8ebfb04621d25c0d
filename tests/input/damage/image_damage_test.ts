import { assertEquals, assertStringIncludes } from "@std/assert";
import { findImageDamage } from "../../../src/input/damage/image_damage.ts";
import { randomNumbers } from "../../../src/testing/random_numbers.ts";
import { DAMAGED, TAKEN } from "./damaged_images.ts";
import { concat, GIF, JPEG, LOSSLESS_WEBP, PNG, WEBP } from "../images.ts";

for (const [name, image, why] of DAMAGED) {
  Deno.test(`findImageDamage finds ${name}`, () => {
    assertStringIncludes(findImageDamage(image) ?? "", why);
  });
}

for (const [name, image] of TAKEN) {
  Deno.test(`findImageDamage accepts ${name}`, () => {
    assertEquals(findImageDamage(image), undefined);
  });
}

Deno.test("findImageDamage finds every truncation of a PNG, except within the last checksum", () => {
  for (let length = 8; length <= PNG.length; length += 1) {
    assertEquals(
      findImageDamage(PNG.subarray(0, length)) === undefined,
      length >= PNG.length - 4,
      `${length} bytes`,
    );
  }
});

Deno.test("findImageDamage finds every changed byte of a PNG's header and pixels", () => {
  const end = PNG.length - 12;
  for (let at = 16; at < end; at += 1) {
    const image = PNG.map((byte, index) => index === at ? byte ^ 255 : byte);
    assertEquals(typeof findImageDamage(image), "string", `at ${at}`);
  }
});

Deno.test("findImageDamage finds a lossy WebP that lacks more than a block of pixels", () => {
  // The length of the first partition is the same: the missing part is after it.
  const image = WEBP.slice();
  const view = new DataView(image.buffer);
  const say = (length: number): void => {
    view.setUint32(4, length + 12, true);
    view.setUint32(16, length, true);
  };
  say(50 + 1024);
  assertEquals(findImageDamage(image), undefined);
  say(50 + 1025);
  assertEquals(
    findImageDamage(image),
    "it is cut off: the WebP has 50 of 1075 bytes of its image data",
  );
});

Deno.test("findImageDamage ignores bytes of other kinds", () => {
  for (const text of ["", "GIF", "BM", "RIFF\0\0\0\0WAVE", "<svg/>"]) {
    assertEquals(findImageDamage(new TextEncoder().encode(text)), undefined);
  }
});

Deno.test("findImageDamage reads a part of a buffer like a separate buffer", () => {
  for (const [, image] of [...DAMAGED, ...TAKEN]) {
    const part = concat(PNG, image, JPEG)
      .subarray(PNG.length, PNG.length + image.length);
    assertEquals(findImageDamage(part), findImageDamage(image));
  }
});

Deno.test("findImageDamage does not throw for any truncation or change of an image", () => {
  const random = randomNumbers(1);
  for (const [, image] of [...DAMAGED, ...TAKEN]) {
    for (let length = 0; length <= image.length; length += 1) {
      findImageDamage(image.subarray(0, length));
    }
    for (let round = 0; round < 2_000; round += 1) {
      const hostile = image.slice(0, 1 + random(image.length));
      for (let change = random(6); change >= 0; change -= 1) {
        hostile[random(hostile.length)] = [0, 1, 127, 255, random(256)][
          random(5)
        ] ?? 0;
      }
      findImageDamage(hostile);
    }
  }
});

Deno.test("findImageDamage does not throw for random bytes after the start of an image", () => {
  const random = randomNumbers(2);
  const starts = [
    PNG.subarray(0, 8),
    PNG.subarray(0, 33),
    JPEG.subarray(0, 3),
    GIF.subarray(0, 6),
    GIF.subarray(0, 29),
    WEBP.subarray(0, 12),
    WEBP.subarray(0, 16),
    LOSSLESS_WEBP.subarray(0, 16),
  ];
  for (const start of starts) {
    for (let round = 0; round < 3_000; round += 1) {
      const bytes = Array.from({ length: random(80) }, () => random(256));
      findImageDamage(concat(start, new Uint8Array(bytes)));
    }
  }
});

/** Fills 16 MiB with the start of an image, followed by one unit again and again. */
function repeated(start: Uint8Array, unit: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(1 << 24);
  const spare = (bytes.length - start.length) % unit.length;
  bytes.set(start);
  for (let at = start.length; at + unit.length <= bytes.length;) {
    bytes.set(unit, at);
    at += unit.length;
  }
  return bytes.subarray(0, bytes.length - spare);
}

// A quadratic algorithm would not finish.
Deno.test("findImageDamage terminates for a very large number of small parts", () => {
  const empty = [0, 0, 0, 0];
  const letters = [...new TextEncoder().encode("abcd")];
  const hostile: readonly [image: Uint8Array, why: string | undefined][] = [
    [
      repeated(PNG.subarray(0, 33), [...empty, ...letters, ...empty]),
      "it is cut off: the PNG has no IDAT chunk",
    ],
    [
      repeated(JPEG.subarray(0, 2), [0xff, 0xe0, 0, 2]),
      "it is cut off: the JPEG ends before its scan",
    ],
    [repeated(JPEG.subarray(0, 2), [0xff]), undefined],
    [
      repeated(GIF.subarray(0, 19), [0x21, 0xfe, 1, 0, 0]),
      "it is cut off: the GIF ends before its first image",
    ],
    // Codes of 12 bits for one pixel each; there are 65535 * 65535.
    [
      repeated(
        concat(
          GIF.subarray(0, 27),
          new Uint8Array([0x2c, 0, 0, 0, 0, 255, 255, 255, 255, 0, 11]),
        ),
        [3, 0, 0x18, 0],
      ),
      " of 4294836225 pixels",
    ],
    [
      repeated(
        concat(WEBP.subarray(0, 12), new TextEncoder().encode("VP8X\n\0\0\0")),
        [...letters, ...empty],
      ),
      "it is cut off: the WebP ends before its image data",
    ],
  ];
  for (const [image, why] of hostile) {
    const damage = findImageDamage(image);
    if (why === undefined) assertEquals(damage, undefined);
    else assertStringIncludes(damage ?? "", why);
  }
});
