import { type ImageType, imageType } from "./image_type.ts";

/** The media types of the images that the CLI takes. */
const MEDIA_TYPES: { readonly [T in ImageType]: string } = {
  png: "image/png",
  jpg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
};

/** The number of bytes that are made into text at once: a call takes so many arguments. */
const CHUNK = 0x8000;

/** Writes an image as a `data:` URL. */
export function toDataUrl(image: Uint8Array): string {
  const type = imageType(image);
  const mediaType = type === undefined
    ? "application/octet-stream"
    : MEDIA_TYPES[type];
  const parts: string[] = [];
  for (let start = 0; start < image.length; start += CHUNK) {
    parts.push(
      String.fromCharCode(...image.subarray(start, start + CHUNK)),
    );
  }
  return `data:${mediaType};base64,${btoa(parts.join(""))}`;
}
