import type { TurnImage } from "../../src/transport/transport.ts";

/** What a file begins with that is an image of each kind. */
export const STARTS: { readonly [kind: string]: readonly number[] } = {
  png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  jpg: [0xff, 0xd8, 0xff, 0xe0],
  gif: [0x47, 0x49, 0x46, 0x38, 0x39, 0x61],
  webp: [0x52, 0x49, 0x46, 0x46, 1, 2, 3, 4, 0x57, 0x45, 0x42, 0x50],
};

/** Images by their paths, as they stand in an input after a text. */
export function local(...paths: readonly string[]): TurnImage[] {
  return paths.map((source, index) => ({
    inputPath: `input[${index + 1}].path`,
    source,
  }));
}
