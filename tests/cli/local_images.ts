import type { TurnImage } from "../../src/transport/transport.ts";
import { GIF, JPEG, PNG, WEBP } from "../input/images.ts";

/** An image of each kind. */
export const IMAGES: readonly Uint8Array[] = [PNG, JPEG, GIF, WEBP];

/** Builds images from their paths, as in an input after a text. */
export function local(...paths: readonly string[]): TurnImage[] {
  return paths.map((source, index) => ({
    inputPath: `input[${index + 1}].path`,
    source,
  }));
}
