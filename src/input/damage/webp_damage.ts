import { readAscii } from "./read_ascii.ts";

const NO_IMAGE = "it is cut off: the WebP ends before its image data";

/** The length of the header before the chunks. */
const HEADER = 12;
/**
 * The length of the fields before a chunk's data: the chunk's name, and the data's
 * length.
 */
const HEAD = 8;
/** The length of the fields before the chunks within a frame's chunk. */
const FRAME_HEADER = 16;
/** The length of the header before the first partition of lossy data. */
const LOSSY_HEADER = 10;

/**
 * The number of bytes that may be missing. Lossy data that end too early are padded,
 * which can complete the last block of 16 by 16 pixels, of up to 700 bytes.
 */
const MAX_MISSING: { readonly [name: string]: number } = {
  "VP8 ": 1024,
  VP8L: 16,
};

/**
 * Finds out whether an image ends before the pixels of its first frame are complete. The
 * rest, metadata and other frames, may be missing, regardless of the length in the file's
 * header (facts F41).
 */
export function webpDamage(webp: DataView): string | undefined {
  let at = HEADER;
  while (at + HEAD <= webp.byteLength) {
    const name = readAscii(webp, at, 4);
    if (name in MAX_MISSING) return pixelDamage(webp, at, name);
    if (name === "ANMF") {
      at += HEAD + FRAME_HEADER;
      continue;
    }
    // Without a VP8X chunk, pixels must come first.
    if (at === HEADER && name !== "VP8X") return undefined;
    const length = webp.getUint32(at + 4, true);
    at += HEAD + length + length % 2;
  }
  return NO_IMAGE;
}

function pixelDamage(
  webp: DataView,
  at: number,
  name: string,
): string | undefined {
  const start = at + HEAD;
  const length = webp.getUint32(at + 4, true);
  const present = webp.byteLength - start;
  const damage =
    `it is cut off: the WebP has ${present} of ${length} bytes of its image data`;
  if (name === "VP8 " && endsInFirstPartition(webp, start)) return damage;
  // If the lengths disagree, either may be wrong. A simple file contains only pixels, and
  // one byte of padding if their length is odd.
  const rest = HEAD + webp.getUint32(4, true) - start - length;
  if (rest < 0 || (at === HEADER && rest > 1)) return undefined;
  return length - present > (MAX_MISSING[name] ?? 0) ? damage : undefined;
}

/** Tells whether lossy data end in their first partition, whose length they contain. */
function endsInFirstPartition(webp: DataView, start: number): boolean {
  if (start + LOSSY_HEADER > webp.byteLength) return true;
  // The lowest five bits of the three bytes are not part of the length.
  const length = (webp.getUint32(start, true) & 0xffffff) >> 5;
  return start + LOSSY_HEADER + length > webp.byteLength;
}
