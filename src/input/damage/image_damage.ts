import { gifDamage } from "./gif_damage.ts";
import { type ImageType, imageType } from "../image_type.ts";
import { jpegDamage } from "./jpeg_damage.ts";
import { pngDamage } from "./png_damage.ts";
import { webpDamage } from "./webp_damage.ts";

const FINDERS: {
  readonly [type in ImageType]: (image: DataView) => string | undefined;
} = { png: pngDamage, jpg: jpegDamage, gif: gifDamage, webp: webpDamage };

/**
 * Finds damage for which the CLI leaves an image out: that it is cut off, or that a
 * checksum is wrong (facts F41). Gives `undefined` for an image that the CLI may take:
 * it takes many that are damaged, a JPEG that ends in its scan among them.
 *
 * Reads each byte once at most, decodes no pixels, and never throws.
 *
 * @param bytes The whole image.
 */
export function findImageDamage(bytes: Uint8Array): string | undefined {
  const type = imageType(bytes);
  if (type === undefined) return undefined;
  const { buffer, byteOffset, byteLength } = bytes;
  return FINDERS[type](new DataView(buffer, byteOffset, byteLength));
}
