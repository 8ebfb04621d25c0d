import { crc32 } from "./crc32.ts";
import { readAscii } from "./read_ascii.ts";

/** The length of the signature. */
const SIGNATURE = 8;
/**
 * The length of the fields before a chunk's data: the data's length, and the chunk's
 * name.
 */
const HEAD = 8;
/** The length of the checksum after a chunk's data. */
const CHECKSUM = 4;

/** The chunks whose checksum must be right; the CLI does not need others. */
const CHECKED: ReadonlySet<string> = new Set(["IHDR", "PLTE", "IDAT"]);

/**
 * Finds missing or invalid data up to the first chunk after the pixels. The CLI reads
 * that chunk's length and name, and nothing after them (facts F41).
 */
export function pngDamage(png: DataView): string | undefined {
  let hasPixels = false;
  let at = SIGNATURE;
  while (at + HEAD <= png.byteLength) {
    const name = readAscii(png, at + 4, 4);
    if (hasPixels && name !== "IDAT") return undefined;
    if (name === "IEND") return "it is damaged: the PNG has no IDAT chunk";
    hasPixels = name === "IDAT";
    const end = at + HEAD + png.getUint32(at);
    if (end + CHECKSUM > png.byteLength) {
      return hasPixels
        ? "it is cut off: the PNG ends in an IDAT chunk"
        : "it is cut off: the PNG has no IDAT chunk";
    }
    // The checksum covers the name and the data, but not the length.
    if (
      CHECKED.has(name) && crc32(png, at + 4, end) !== png.getUint32(end)
    ) {
      return `it is damaged: the checksum of the PNG's ${name} chunk is wrong`;
    }
    at = end + CHECKSUM;
  }
  return `it is cut off: the PNG has no ${hasPixels ? "IEND" : "IDAT"} chunk`;
}
