/**
 * The remainder of each byte, divided by the polynomial; computed for the first image.
 */
let remainders: Uint32Array | undefined;

function makeRemainders(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
    }
    return rest;
  });
}

/** Computes the CRC-32 of the bytes from `start` to `end`, as defined by PNG. */
export function crc32(view: DataView, start: number, end: number): number {
  const { buffer, byteOffset } = view;
  const bytes = new Uint8Array(buffer, byteOffset + start, end - start);
  const table = remainders ??= makeRemainders();
  let rest = 0xffffffff;
  // By index: an iterator takes four times as long, and an image may be large.
  for (let i = 0; i < bytes.length; i += 1) {
    rest = (table[(rest ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (rest >>> 8);
  }
  return ~rest >>> 0;
}
