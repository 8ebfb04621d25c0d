import { readAscii } from "./read_ascii.ts";

const NO_IMAGE = "it is cut off: the WebP ends before its image data";

/** The length of what stands before the chunks. */
const HEADER = 12;
/** The length of what stands before a chunk's data: its name, and their length. */
const HEAD = 8;
/** What stands before the chunks in the chunk of a frame. */
const FRAME_HEADER = 16;
/** What stands before the first partition of lossy data. */
const LOSSY_HEADER = 10;

/**
 * The number of bytes that may be missing. Lossy data that end too early are filled up,
 * which can complete the last block of 16 by 16 pixels, of up to 700 bytes.
 */
const MAX_MISSING: { readonly [name: string]: number } = {
  "VP8 ": 1024,
  VP8L: 16,
};

/**
 * Finds out that an image ends before the pixels of its first frame are complete. Of the
 * rest, metadata and other frames, all may be missing, whatever length the file says
 * that it has (facts F41).
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
    // Without this one, pixels have to come first.
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
  // Where the lengths do not agree, there is no telling which one is wrong. In a simple
  // file the pixels are all there is, but for a byte that makes their length even.
  const rest = HEAD + webp.getUint32(4, true) - start - length;
  if (rest < 0 || (at === HEADER && rest > 1)) return undefined;
  return length - present > (MAX_MISSING[name] ?? 0) ? damage : undefined;
}

/** Tells whether lossy data end in their first partition, whose length stands in them. */
function endsInFirstPartition(webp: DataView, start: number): boolean {
  if (start + LOSSY_HEADER > webp.byteLength) return true;
  // The lower five bits of three bytes are something else.
  const length = (webp.getUint32(start, true) & 0xffffff) >> 5;
  return start + LOSSY_HEADER + length > webp.byteLength;
}
