/** The image types that the CLI accepts, by file extension. */
export type ImageType = "png" | "jpg" | "gif" | "webp";

/** The media types of the images that the CLI accepts. */
export const MEDIA_TYPES: { readonly [T in ImageType]: string } = {
  png: "image/png",
  jpg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
};

/** The number of bytes that {@linkcode imageType} reads. */
export const IMAGE_START = 12;

/**
 * Recognises the type of an image by its first bytes; returns `undefined` if the CLI does
 * not accept it. File names and declared types are ignored: the CLI leaves out an image
 * that it cannot read, and tells only the model.
 */
export function imageType(start: Uint8Array): ImageType | undefined {
  const text = String.fromCharCode(...start.subarray(0, IMAGE_START));
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("\xff\xd8\xff")) return "jpg";
  if (/^GIF8[79]a/.test(text)) return "gif";
  if (/^RIFF[^]{4}WEBP/.test(text)) return "webp";
  return undefined;
}
