import { CodexInputError } from "../errors/codex_error.ts";
import { decodeDataUrl } from "../input/data_url.ts";
import type { UserInput } from "../options/options.ts";
import { isBytes, isTagged } from "../util/realms.ts";
import { quoted } from "../util/text.ts";
import type { AiPromptPart } from "./model_types.ts";

/**
 * Converts a file of a message to input: images are sent as images, text files as text.
 * Nothing is fetched and no file is read, since messages may come from a stranger.
 *
 * @throws {CodexInputError} If the CLI cannot accept the file.
 */
export function readFilePart(part: AiPromptPart, path: string): UserInput[] {
  const { mediaType = "", filename } = part;
  const isImage = /^image\//i.test(mediaType);
  const isText = /^text\//i.test(mediaType);
  if (!isImage && !isText) {
    throw new CodexInputError(
      `Cannot send the file at ${path}, of type ${
        quoted(mediaType.slice(0, 100))
      }: the CLI accepts images and text; put the file into the agent's working directory, and name it in the prompt`,
      { path },
    );
  }
  const data = readData(part.data, `${path}.data`);
  if (isImage) {
    const image = typeof data === "string"
      ? `data:${mediaType};base64,${data}`
      : data;
    return [{ type: "image", image }];
  }
  const text = decodeText(data, `${path}.data`);
  const title = filename === undefined ? "File" : `File ${filename}`;
  return [{ type: "text", text: `${title}:\n${text}` }];
}

/** Returns a file's data: bytes, or base64. Each version of the AI SDK has its own form. */
function readData(data: unknown, path: string): Uint8Array | string {
  if (isBytes(data)) return data;
  if (typeof data === "string" && !/^[a-z][a-z+.-]*:/i.test(data)) return data;
  if (typeof data === "string" || isTagged(data, "URL")) {
    const url = String(data);
    if (/^data:/i.test(url)) return decodeDataUrl(url, path);
  } else if (typeof data === "object" && data !== null) {
    const { type, data: inner, url, text } = data as {
      readonly [key: string]: unknown;
    };
    if (type === "data") return readData(inner, path);
    if (type === "url") return readData(url, path);
    if (type === "text" && typeof text === "string") {
      return new TextEncoder().encode(text);
    }
  }
  throw new CodexInputError(
    `Cannot send the file at ${path}: pass its bytes, base64 or a data: URL; other URLs are not fetched`,
    { path },
  );
}

function decodeText(data: Uint8Array | string, path: string): string {
  const bytes = typeof data === "string"
    ? decodeDataUrl(`data:;base64,${data}`, path)
    : data;
  return new TextDecoder().decode(bytes);
}
