import { countGifPixels } from "./gif_pixels.ts";

const NO_IMAGE = "it is cut off: the GIF ends before its first image";

/** The length of the header, up to the global color table. */
const HEADER = 13;
/** The byte that begins an image; the length of the image's description follows. */
const IMAGE = 0x2c;
const DESCRIPTION = 10;
/** The byte that begins an extension. */
const EXTENSION = 0x21;

/**
 * Finds out whether an image ends before the pixels of its first frame are complete. The
 * CLI reads only that frame, and needs no trailer (facts F41).
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

/** Returns the length of a color table; 0 if the flags say that there is none. */
function colorsLength(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

/** Walks over data in parts, each preceded by its length, up to a length of 0. */
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
