import { gifDamage } from "./gif_damage.ts";
import { type ImageType, imageType } from "../image_type.ts";
import { jpegDamage } from "./jpeg_damage.ts";
import { pngDamage } from "./png_damage.ts";
import { webpDamage } from "./webp_damage.ts";

const FINDERS: {
  readonly [type in ImageType]: (image: DataView) => string | undefined;
} = { png: pngDamage, jpg: jpegDamage, gif: gifDamage, webp: webpDamage };

/**
 * Finds damage that makes the CLI leave an image out: the image is cut off, or a checksum
 * is wrong (facts F41). Returns `undefined` for an image that the CLI may accept: it
 * accepts many damaged images, among them a JPEG that ends in its scan.
 *
 * Reads each byte at most once, decodes no pixels, and never throws.
 *
 * @param bytes The whole image.
 */
export function findImageDamage(bytes: Uint8Array): string | undefined {
  const type = imageType(bytes);
  if (type === undefined) return undefined;
  const { buffer, byteOffset, byteLength } = bytes;
  return FINDERS[type](new DataView(buffer, byteOffset, byteLength));
}
