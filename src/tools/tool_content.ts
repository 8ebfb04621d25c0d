import { imageType, MEDIA_TYPES } from "../input/image_type.ts";
import { readImage } from "../input/read_image.ts";
import type { ImageSource } from "../options/options.ts";
import { isObject, type JsonObject } from "../protocol/json.ts";
import { encodeBase64 } from "../util/base64.ts";
import { findTooDeep } from "../util/nesting.ts";
import { shorten } from "../util/text.ts";
import { wellFormedJson } from "../util/well_formed_json.ts";
import { thrownMessage } from "../util/thrown_message.ts";

/** The longest message of a failed call, in characters; it is sent to the model. */
const MAX_FAILURE_LENGTH = 4000;

/** The longest result, in characters; the CLI itself cuts long results for the model (facts F64). */
const MAX_RESULT_LENGTH = 32 * 1024 * 1024;

/** The largest file that is read as an image, in bytes. */
const MAX_IMAGE_BYTES = 20 * 1024 * 1024;

/** The deepest object sent as structured content; the CLI's JSON parser accepts 128 levels in all (facts F64). */
const MAX_OBJECT_DEPTH = 100;

/** One content block of an MCP result. */
export type ContentBlock =
  | { readonly type: "text"; readonly text: string }
  | {
    readonly type: "image";
    readonly data: string;
    readonly mimeType: string;
  };

/** The result of a call, in MCP's form. */
export interface CallResult {
  /** The blocks that the model is shown. */
  readonly content: readonly ContentBlock[];
  /** The result itself, if it is an object. */
  readonly structuredContent?: JsonObject;
  /** True if the call failed. */
  readonly isError?: true;
}

/** Reads the first bytes of a file. */
export type ReadFile = (path: string, length: number) => Promise<Uint8Array>;

/** Creates the result of a call that failed. */
export function failedCall(message: string): CallResult {
  return {
    content: [{ type: "text", text: shorten(message, MAX_FAILURE_LENGTH) }],
    isError: true,
  };
}

/** Creates the result of a call that threw. */
export function thrownCall(error: unknown): CallResult {
  return failedCall(thrownMessage(error));
}

/**
 * Creates the result of a call from the value that a tool returned.
 *
 * @param readFile Reads an image that is given as a `file:` URL.
 * @throws {Error} If the value is not a result, cannot be written as JSON, or is too long.
 */
export async function returnedCall(
  returned: unknown,
  readFile: ReadFile,
): Promise<CallResult> {
  const result = await toResult(returned, readFile);
  const length = result.content.reduce(
    (sum, block) =>
      sum + (block.type === "text" ? block.text.length : block.data.length),
    0,
  );
  if (length > MAX_RESULT_LENGTH) {
    throw new Error(
      `The tool's result is longer than ${MAX_RESULT_LENGTH} characters`,
    );
  }
  return result;
}

async function toResult(
  returned: unknown,
  readFile: ReadFile,
): Promise<CallResult> {
  if (typeof returned === "string") {
    return { content: [{ type: "text", text: returned }] };
  }
  if (Array.isArray(returned)) {
    const content: ContentBlock[] = [];
    for (const [index, part] of returned.entries()) {
      content.push(await toBlock(part, index, readFile));
    }
    return { content };
  }
  if (!isObject(returned)) throw wrongResult(returned, "its result");
  return objectResult(returned);
}

function objectResult(returned: JsonObject): CallResult {
  let text: string | undefined;
  try {
    text = wellFormedJson(returned);
  } catch (cause) {
    throw new Error("The tool's result cannot be written as JSON", { cause });
  }
  // A `toJSON()` may turn the object into something else.
  const written: unknown = text === undefined ? undefined : JSON.parse(text);
  if (text === undefined || !isObject(written)) {
    throw wrongResult(written, "its result, as JSON,");
  }
  const content: ContentBlock[] = [{ type: "text", text }];
  return findTooDeep(written, MAX_OBJECT_DEPTH) === undefined
    ? { content, structuredContent: written }
    : { content };
}

async function toBlock(
  part: unknown,
  index: number,
  readFile: ReadFile,
): Promise<ContentBlock> {
  const { type, text, image } = Object(part) as {
    readonly type?: unknown;
    readonly text?: unknown;
    readonly image?: unknown;
  };
  const place = `result[${index}]`;
  if (type === "text" && typeof text === "string") return { type, text };
  if (type !== "image") throw wrongResult(part, place);
  const bytes = await imageBytes(
    image as ImageSource,
    `${place}.image`,
    readFile,
  );
  const kind = imageType(bytes);
  if (kind === undefined) throw wrongResult(part, place);
  return { type, data: encodeBase64(bytes), mimeType: MEDIA_TYPES[kind] };
}

async function imageBytes(
  image: ImageSource,
  place: string,
  readFile: ReadFile,
): Promise<Uint8Array> {
  const { source } = await readImage(image, place);
  if (typeof source !== "string") return source;
  const bytes = await readFile(source, MAX_IMAGE_BYTES + 1);
  if (bytes.length > MAX_IMAGE_BYTES) {
    throw new Error(
      `The image at ${place} is larger than ${MAX_IMAGE_BYTES} bytes`,
    );
  }
  return await imageBytes(bytes, place, readFile);
}

function wrongResult(value: unknown, what: string): Error {
  const kind = value === null
    ? "null"
    : Array.isArray(value)
    ? "an array"
    : typeof value;
  return new Error(
    `The tool returned an unsupported value: ${what} must be a string, parts of type "text" or "image", or an object, got ${kind}`,
  );
}
