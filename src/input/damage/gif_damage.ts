import { countGifPixels } from "./gif_pixels.ts";

const NO_IMAGE = "it is cut off: the GIF ends before its first image";

/** The length of what stands before the colors of all images. */
const HEADER = 13;
/** What an image begins with, and how long its description is. */
const IMAGE = 0x2c;
const DESCRIPTION = 10;
/** What an extension begins with. */
const EXTENSION = 0x21;

/**
 * Finds out that an image ends before the pixels of its first frame are complete. The CLI
 * reads no other frame, and needs no trailer (facts F41).
 */
export function gifDamage(gif: DataView): string | undefined {
  if (gif.byteLength < HEADER) return NO_IMAGE;
  let at = HEADER + colorsLength(gif.getUint8(10));
  while (at < gif.byteLength) {
    const block = gif.getUint8(at);
    if (block === IMAGE) return frameDamage(gif, at);
    if (block !== EXTENSION) return undefined;
    const { end, isComplete } = walkData(gif, at + 2);
    if (!isComplete) return NO_IMAGE;
    at = end;
  }
  return NO_IMAGE;
}

function frameDamage(gif: DataView, at: number): string | undefined {
  if (at + DESCRIPTION > gif.byteLength) return NO_IMAGE;
  const pixels = gif.getUint16(at + 5, true) * gif.getUint16(at + 7, true);
  const codeSizeAt = at + DESCRIPTION + colorsLength(gif.getUint8(at + 9));
  if (codeSizeAt >= gif.byteLength) return NO_IMAGE;
  const parts: Uint8Array[] = [];
  if (walkData(gif, codeSizeAt + 1, parts).isComplete) return undefined;
  const count = countGifPixels(gif.getUint8(codeSizeAt), parts);
  return count === undefined || count >= pixels
    ? undefined
    : `it is cut off: the GIF has ${count} of ${pixels} pixels`;
}

/** Gives the length of a table of colors; 0 if the flags say that there is none. */
function colorsLength(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

/** Walks over data, which stand in parts, each behind its length, up to a length of 0. */
function walkData(
  gif: DataView,
  start: number,
  parts?: Uint8Array[],
): { readonly end: number; readonly isComplete: boolean } {
  let at = start;
  while (at < gif.byteLength) {
    const length = gif.getUint8(at);
    at += 1;
    if (length === 0) return { end: at, isComplete: true };
    parts?.push(
      new Uint8Array(
        gif.buffer,
        gif.byteOffset + at,
        Math.min(length, gif.byteLength - at),
      ),
    );
    at += length;
  }
  return { end: at, isComplete: false };
}
