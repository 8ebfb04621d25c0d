import { encodeBase64 } from "../util/base64.ts";
import { type ImageType, imageType } from "./image_type.ts";

/** The media types of the images that the CLI takes. */
const MEDIA_TYPES: { readonly [T in ImageType]: string } = {
  png: "image/png",
  jpg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
};

/** Writes an image as a `data:` URL. */
export function toDataUrl(image: Uint8Array): string {
  const type = imageType(image);
  const mediaType = type === undefined
    ? "application/octet-stream"
    : MEDIA_TYPES[type];
  return `data:${mediaType};base64,${encodeBase64(image)}`;
}
