/** Small images of each kind, whole enough for the CLI to read. @module */

/** A PNG of one pixel. */
export const PNG: Uint8Array<ArrayBuffer> = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
);

/** A GIF of one pixel. */
export const GIF: Uint8Array<ArrayBuffer> = Uint8Array.fromBase64(
  "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
);

/** What a JPEG begins with. */
export const JPEG: Uint8Array<ArrayBuffer> = new Uint8Array([
  0xff,
  0xd8,
  0xff,
  0xe0,
  0,
]);

/** What a WebP begins with. */
export const WEBP: Uint8Array<ArrayBuffer> = new TextEncoder().encode(
  "RIFF\0\0\0\0WEBPVP8 ",
);
