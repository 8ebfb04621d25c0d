/** The maximum number of codes. */
const MAX_CODES = 4096;

/**
 * Counts the pixels that LZW codes represent, without decoding them. Returns `undefined`
 * if the codes are invalid, or contain the end code.
 *
 * @param codeSize The number of bits for the color of a pixel.
 * @param parts The codes, starting at the lowest bit of each byte.
 */
export function countGifPixels(
  codeSize: number,
  parts: readonly Uint8Array[],
): number | undefined {
  if (codeSize < 1 || codeSize > 11) return undefined;
  const clear = 1 << codeSize;
  /** The number of pixels of each code. */
  const lengths = new Uint16Array(MAX_CODES).fill(1, 0, clear);
  let pixels = 0;
  let previous: number | undefined;
  let next = clear + 2;
  let width = codeSize + 1;
  let bits = 0;
  let bitCount = 0;
  for (const part of parts) {
    for (const byte of part) {
      bits |= byte << bitCount;
      bitCount += 8;
      while (bitCount >= width) {
        const code = bits & ((1 << width) - 1);
        bits >>>= width;
        bitCount -= width;
        if (code === clear) {
          previous = undefined;
          next = clear + 2;
          width = codeSize + 1;
          continue;
        }
        if (code === clear + 1) return undefined;
        if (previous !== undefined && next < MAX_CODES) {
          lengths[next] = (lengths[previous] ?? 0) + 1;
          next += 1;
          if (next === 1 << width && next < MAX_CODES) width += 1;
        }
        // The newest code is known now, but no later one.
        if (code >= (previous === undefined ? clear : next)) return undefined;
        pixels += lengths[code] ?? 0;
        previous = code;
      }
    }
  }
  return pixels;
}
