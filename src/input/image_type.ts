/** The kinds of images that the CLI takes, by the end of their file names. */
export type ImageType = "png" | "jpg" | "gif" | "webp";

/** How many bytes {@linkcode imageType} looks at. */
export const IMAGE_START = 12;

/**
 * What kind of image some bytes are the beginning of; nothing if it is none of
 * those that the CLI takes. Names and declared types are not looked at: the CLI
 * leaves an image that it cannot read out, and says so to the model alone.
 */
export function imageType(start: Uint8Array): ImageType | undefined {
  const text = String.fromCharCode(...start.subarray(0, IMAGE_START));
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("\xff\xd8\xff")) return "jpg";
  if (/^GIF8[79]a/.test(text)) return "gif";
  if (/^RIFF[^]{4}WEBP/.test(text)) return "webp";
  return undefined;
}
