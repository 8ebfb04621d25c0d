/** Small images of each kind, all of which the CLI accepts. @module */

type Bytes = Uint8Array<ArrayBuffer>;

const image = (base64: string): Bytes => Uint8Array.fromBase64(base64);

/** A PNG of one pixel. */
export const PNG: Bytes = image(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
);

/** A GIF of one pixel. */
export const GIF: Bytes = image(
  "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
);

/** A GIF of 64 pixels. */
export const LARGER_GIF: Bytes = image(
  "R0lGODdhCAAIAIIAAL+/JG+/FR+/Bp9vEh9vBL8fBm8fBB8fASwAAAAACAAIAAAILQAPCDRgoIBBgQcIGiyAUKFBAhANDJg4ACIBihMFaAwQAIBHjQI4egQAUqTHgAA7",
);

/** A GIF of 64 pixels, with a second frame. */
export const ANIMATED_GIF: Bytes = image(
  "R0lGODlhCAAIAIEAAG+/FW9vDJ8fBR8fASH5BAAFAAAALAAAAAAIAAgAAAggAAcIHCCgoICBBgsODJBQYICHDA9CnAigosWLGDNaDAgAIfkEAQUABAAsAAAAAAgACACBb78Vb28Mnx8FHx8BCCkABQgUEACAwYEECh4UmNAgAIQEHBIQQKCiwwEYAwSoSABjRo4eMXIMCAA7",
);

/** A JPEG of 64 pixels. */
export const JPEG: Bytes = image(
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAKBueIx4ZKCMgoy0qqC+8P//8Nzc8P//////////////////////////////////////////////////////////wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAf/EABUQAQEAAAAAAAAAAAAAAAAAAAIA/9oACAEBAAA/AAi//9k=",
);

/** A progressive JPEG of 64 pixels: it has more than one scan. */
export const PROGRESSIVE_JPEG: Bytes = image(
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAKBueIx4ZKCMgoy0qqC+8P//8Nzc8P//////////////////////////////////////////////////////////wgALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAf/aAAgBAQAAAAE//8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABBQJ//8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQAGPwJ//8QAFRABAQAAAAAAAAAAAAAAAAAAAQD/2gAIAQEAAT8hC//aAAgBAQAAABD/AP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAT8QP//Z",
);

/** A lossy WebP of 64 pixels. */
export const WEBP: Bytes = image(
  "UklGRj4AAABXRUJQVlA4IDIAAACwAQCdASoIAAgABUB8JbACdAD0Ma2oAP7p/Tawvghx5+Us3+FO/nKj/8M3x1Uzp1rgAA==",
);

/** A lossless WebP of 36 pixels. */
export const LOSSLESS_WEBP: Bytes = image(
  "UklGRs4AAABXRUJQVlA4TMIAAAAvBUABAB/BNrJtJV9xi1waICWnYWiBiCH1XAtwpxHHAQAQUXY/e4B2qLnaqWFcX9tnHxsBAFRcaFNuHWu31/mN9xgZ29bM5j9kmujJhIKhEKaTgLfnXuhf0Jy3xG73E6Mh4+mbJv0wuuTT8RWNgybq1rI/0xL8cOS6uLg3KT9zimaAPUr859i+KtoUBxLzHFswNULe4No92fT4+iZza2AYAGDR3GwbuYj+x8IVhUaB5vK0m1xJKHP4r8/7yX95oxsMAg==",
);

/** A lossy WebP of 64 pixels, with a second frame. */
export const ANIMATED_WEBP: Bytes = image(
  "UklGRtQAAABXRUJQVlA4WAoAAAACAAAABwAABwAAQU5JTQYAAAAAAAAAAABBTk1GUAAAAAAAAAAAAAcAAAcAADIAAAJWUDggOAAAAFABAJ0BKggACAAJAKwlsAAFjAAA/rpat7/7r6nQ/rn+22vV3NPlGHgP+He4P7vpscB0hvGYC7gAQU5NRlAAAAAAAAAAAAAHAAAHAAAyAAAAVlA4IDgAAABUAQCdASoIAAgAAACsJbAABHQAAP6ifjqsS/jGWLc36zK1h5XX6EiJ/7WXlVgfqR7ufJ8bgf+YAA==",
);

/** A lossy WebP of 64 pixels, followed by metadata. */
export const WEBP_WITH_METADATA: Bytes = image(
  "UklGRmgAAABXRUJQVlA4WAoAAAAIAAAABwAABwAAVlA4IC4AAADQAQCdASoIAAgACQCsJbACdAD0LV14AAD+wDMeUHge6OaGxPXoGDrrxhhZDaAARVhJRhQAAAB4eHh4eHh4eHh4eHh4eHh4eHh4eA==",
);

/** Concatenates bytes. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
