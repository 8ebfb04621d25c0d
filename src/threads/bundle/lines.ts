/** The byte that ends a line. */
export const NEWLINE = 10;

/** Cuts off the part after the last newline: a line that is still being written. */
export function wholeLines(
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  return bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
}

/** Tells whether bytes begin with others. */
export function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  if (start.length > bytes.length) return false;
  for (let at = 0; at < start.length; at++) {
    if (bytes[at] !== start[at]) return false;
  }
  return true;
}
