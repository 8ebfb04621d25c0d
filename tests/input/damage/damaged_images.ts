/** Truncated and changed images, and what the real CLI does with them. @module */

import {
  ANIMATED_GIF,
  ANIMATED_WEBP,
  concat,
  GIF,
  JPEG,
  LARGER_GIF,
  LOSSLESS_WEBP,
  PNG,
  PROGRESSIVE_JPEG,
  WEBP,
  WEBP_WITH_METADATA,
} from "../images.ts";

/** An image that the CLI leaves out, and the reason. */
export type Damaged = readonly [name: string, image: Uint8Array, why: string];

/** An image that the CLI accepts. */
export type Taken = readonly [name: string, image: Uint8Array];

const JUNK = new TextEncoder().encode("trailing bytes");

/** Finds the index of four letters in an image. */
function find(image: Uint8Array, letters: string): number {
  return new TextDecoder("latin1").decode(image).indexOf(letters);
}

/** Copies an image with one byte changed. */
function changed(image: Uint8Array, at: number): Uint8Array {
  return image.map((byte, index) => index === at ? byte ^ 1 : byte);
}

/**
 * Copies a simple WebP with other lengths in its headers: the file's, and the pixels'.
 */
function withLengths(
  webp: Uint8Array,
  { file, pixels }: { readonly file: number; readonly pixels: number },
): Uint8Array {
  const copy = webp.slice();
  const view = new DataView(copy.buffer);
  view.setUint32(4, view.getUint32(4, true) + file, true);
  view.setUint32(16, view.getUint32(16, true) + pixels, true);
  return copy;
}

const cut = (image: Uint8Array, missing: number): Uint8Array =>
  image.subarray(0, -missing);

const idat = find(PNG, "IDAT");
const iend = find(PNG, "IEND");
const sof = find(JPEG, "\xff\xc0");
const sos = find(JPEG, "\xff\xda");
const vp8 = find(WEBP_WITH_METADATA, "VP8 ");
const exif = find(WEBP_WITH_METADATA, "EXIF");
const secondFrame = ANIMATED_WEBP.length - 88;

const NO_PNG_PIXELS = "it is cut off: the PNG has no IDAT chunk";
const IN_PNG_PIXELS = "it is cut off: the PNG ends in an IDAT chunk";
const NO_SCAN = "it is cut off: the JPEG ends before its scan";
const NO_GIF_PIXELS = "it is cut off: the GIF ends before its first image";
const NO_WEBP_PIXELS = "it is cut off: the WebP ends before its image data";
const wrong = (chunk: string): string =>
  `it is damaged: the checksum of the PNG's ${chunk} chunk is wrong`;

/** Images that the CLI leaves out. */
export const DAMAGED: readonly Damaged[] = [
  ["a PNG without its end", PNG.subarray(0, iend - 4), "the PNG has no IEND"],
  ["a PNG cut in its end", PNG.subarray(0, iend + 3), "the PNG has no IEND"],
  ["a PNG cut in its pixels", PNG.subarray(0, idat + 9), IN_PNG_PIXELS],
  ["a PNG cut before its pixels", PNG.subarray(0, idat), NO_PNG_PIXELS],
  ["a PNG cut in its header", PNG.subarray(0, 20), NO_PNG_PIXELS],
  ["a PNG's signature", PNG.subarray(0, 8), NO_PNG_PIXELS],
  [
    "a PNG without pixels",
    concat(PNG.subarray(0, idat - 4), PNG.subarray(iend - 4)),
    "it is damaged: the PNG has no IDAT chunk",
  ],
  ["a PNG with changed pixels", changed(PNG, idat + 10), wrong("IDAT")],
  ["a PNG with a changed header", changed(PNG, 20), wrong("IHDR")],
  ["a JPEG's first bytes", JPEG.subarray(0, 5), NO_SCAN],
  ["a JPEG cut before its header", JPEG.subarray(0, sof), NO_SCAN],
  ["a JPEG cut in its tables", JPEG.subarray(0, sos - 9), NO_SCAN],
  ["a JPEG cut before its scan", JPEG.subarray(0, sos), NO_SCAN],
  ["a JPEG cut in its scan's header", JPEG.subarray(0, sos + 6), NO_SCAN],
  ["a GIF's first bytes", GIF.subarray(0, 6), NO_GIF_PIXELS],
  ["a GIF cut in its colors", GIF.subarray(0, 15), NO_GIF_PIXELS],
  ["a GIF cut before its frame", GIF.subarray(0, 27), NO_GIF_PIXELS],
  ["a GIF cut in its frame's header", GIF.subarray(0, 35), NO_GIF_PIXELS],
  [
    "a GIF cut in its pixels",
    cut(LARGER_GIF, 20),
    "it is cut off: the GIF has 38 of 64 pixels",
  ],
  ["a WebP's first bytes", WEBP.subarray(0, 12), NO_WEBP_PIXELS],
  [
    "a lossy WebP cut in its first partition",
    WEBP.subarray(0, 36),
    "it is cut off: the WebP has 16 of 50 bytes of its image data",
  ],
  [
    "a lossless WebP cut in its pixels",
    cut(LOSSLESS_WEBP, 20),
    "it is cut off: the WebP has 174 of 194 bytes of its image data",
  ],
  [
    "a WebP with metadata, cut before its pixels",
    WEBP_WITH_METADATA.subarray(0, vp8 + 4),
    NO_WEBP_PIXELS,
  ],
  [
    "a WebP with metadata, cut in its pixels",
    WEBP_WITH_METADATA.subarray(0, vp8 + 20),
    "it is cut off: the WebP has 12 of 46 bytes of its image data",
  ],
  [
    "an animated WebP cut in its first frame",
    ANIMATED_WEBP.subarray(0, 90),
    "it is cut off: the WebP has 14 of 56 bytes of its image data",
  ],
];

/** Images that the CLI accepts, some of which are damaged too. */
export const TAKEN: readonly Taken[] = [
  ["a PNG", PNG],
  ["a PNG without its last checksum", cut(PNG, 4)],
  ["a PNG with a wrong checksum at its end", changed(PNG, PNG.length - 1)],
  [
    "a PNG with another chunk for its end",
    concat(PNG.subarray(0, iend - 4), new Uint8Array([0, 0, 99, 0]), JUNK),
  ],
  ["a PNG with trailing bytes", concat(PNG, JUNK)],
  [
    "a PNG with wrong metadata",
    concat(
      PNG.subarray(0, idat - 4),
      new TextEncoder().encode("\0\0\0\x03tEXta\0b\0\0\0\0"),
      PNG.subarray(idat - 4),
    ),
  ],
  ["a JPEG", JPEG],
  ["a JPEG without its end", cut(JPEG, 2)],
  ["a JPEG cut in its scan", cut(JPEG, 4)],
  ["a JPEG with trailing bytes", concat(JPEG, JUNK)],
  ["a progressive JPEG", PROGRESSIVE_JPEG],
  ["a progressive JPEG without its last scan", cut(PROGRESSIVE_JPEG, 12)],
  [
    "a JPEG with something between its markers",
    concat(JPEG.subarray(0, sof), JUNK, JPEG.subarray(sof)),
  ],
  ["a GIF", GIF],
  ["a GIF without its trailer", cut(GIF, 1)],
  ["a GIF of more pixels without its end", cut(LARGER_GIF, 2)],
  ["a GIF with trailing bytes", concat(GIF, JUNK)],
  ["an animated GIF", ANIMATED_GIF],
  ["an animated GIF cut in its second frame", cut(ANIMATED_GIF, 30)],
  ["a lossy WebP", WEBP],
  ["a lossy WebP without its last byte", cut(WEBP, 1)],
  ["a WebP with trailing bytes", concat(WEBP, JUNK)],
  ...[-9, -1, 1, 2, 100].map((file): Taken => [
    `a WebP whose header says that it is ${file} bytes longer`,
    withLengths(WEBP, { file, pixels: 0 }),
  ]),
  [
    "a WebP whose header says that its pixels are longer than the file",
    withLengths(WEBP, { file: 0, pixels: 5000 }),
  ],
  [
    "a WebP whose headers say that it is much longer than its pixels, and they longer than the file",
    withLengths(WEBP, { file: 9000, pixels: 5000 }),
  ],
  [
    "a WebP whose headers say that both are a little longer",
    withLengths(WEBP, { file: 8, pixels: 8 }),
  ],
  ["a lossless WebP", LOSSLESS_WEBP],
  ["an animated WebP", ANIMATED_WEBP],
  [
    "an animated WebP without its second frame",
    ANIMATED_WEBP.subarray(0, secondFrame),
  ],
  ["a WebP with metadata", WEBP_WITH_METADATA],
  ["a WebP cut in its metadata", WEBP_WITH_METADATA.subarray(0, exif + 9)],
];
