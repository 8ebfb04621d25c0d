import { encodeBase64 } from "../util/base64.ts";
import { imageType, MEDIA_TYPES } from "./image_type.ts";

/** Writes an image as a `data:` URL. */
export function toDataUrl(image: Uint8Array): string {
  const type = imageType(image);
  const mediaType = type === undefined
    ? "application/octet-stream"
    : MEDIA_TYPES[type];
  return `data:${mediaType};base64,${encodeBase64(image)}`;
}
