import { CodexInputError } from "../errors/codex_error.ts";
import type { ImageSource, Input } from "../options/options.ts";
import { shorten } from "../util/text.ts";
import type { TurnImage } from "../transport/transport.ts";
import type { AbortSignalLike } from "../util/on_abort.ts";
import { readImage, readImageSync } from "./read_image.ts";

/** The maximum length of a prompt for the CLI, in characters (facts F1). */
export const MAX_PROMPT_LENGTH = 1_048_576;

/**
 * Matches a character that is not white space to the CLI, which treats U+0085 as white
 * space, too.
 */
const NOT_BLANK = /[^\s\u0085]/;

/** A prompt as it is sent. */
export interface NormalizedInput {
  /** The texts, joined by blank lines. */
  readonly prompt: string;
  /** The images, in order. */
  readonly images: readonly TurnImage[];
}

/** An image before it has been read. */
interface NamedImage {
  readonly inputPath: string;
  readonly path?: string;
  readonly image?: ImageSource;
}

/**
 * Prepares a prompt: joins the texts by blank lines, and reads the images from memory, in
 * order.
 *
 * @throws {CodexInputError} For input that the CLI would reject or silently ignore: a
 * prompt that is blank or too long, a part of an unknown kind, an empty path, bytes that
 * are not an image.
 * @throws {CodexCancelledError} If the signal is aborted while an image is read.
 */
export async function normalizeInput(
  input: Input,
  signal?: AbortSignalLike,
): Promise<NormalizedInput> {
  // Read synchronously, so that later changes to the caller's array have no effect.
  const { prompt, images } = checkInput(input);
  return {
    prompt,
    images: await Promise.all(
      images.map(({ inputPath, path, image }) =>
        path === undefined
          ? readImage(image, inputPath, signal)
          : { inputPath, source: path }
      ),
    ),
  };
}

/**
 * Prepares a prompt like {@linkcode normalizeInput}, without waiting.
 *
 * @throws {CodexInputError} Also for an image that is a `Blob`.
 */
export function normalizeInputSync(input: Input): NormalizedInput {
  const { prompt, images } = checkInput(input);
  return {
    prompt,
    images: images.map(({ inputPath, path, image }) =>
      path === undefined
        ? readImageSync(image, inputPath)
        : { inputPath, source: path }
    ),
  };
}

function checkInput(
  input: Input,
): { prompt: string; images: readonly NamedImage[] } {
  const { prompt, images } = typeof input === "string"
    ? { prompt: checkUnicode(input, "input"), images: [] }
    : joinParts(input);
  if (!NOT_BLANK.test(prompt)) {
    throw new CodexInputError(
      images.length === 0
        ? "Cannot send a blank prompt"
        : "Cannot send images without text: the CLI needs a prompt that is not blank",
      { path: "input" },
    );
  }
  checkLength(prompt, "input");
  return { prompt, images };
}

/**
 * Rejects a prompt that is too long for the CLI.
 *
 * @throws {CodexInputError} If it is too long.
 */
export function checkLength(prompt: string, path: string): void {
  const length = countCharacters(prompt);
  if (length <= MAX_PROMPT_LENGTH) return;
  throw new CodexInputError(
    `Cannot send a prompt of ${length} characters: the CLI accepts at most ${MAX_PROMPT_LENGTH}`,
    { path },
  );
}

/**
 * Returns a text that is valid Unicode.
 *
 * @throws {CodexInputError} For half of a character: the agent would receive a different
 * text.
 */
export function checkUnicode(text: string, path: string): string {
  if (text.isWellFormed()) return text;
  throw new CodexInputError(
    `${path} contains half a character (a lone surrogate) at index ${
      text.search(/\p{Surrogate}/u)
    }: was the text cut inside an emoji?`,
    { path },
  );
}

function joinParts(
  parts: unknown,
): { prompt: string; images: readonly NamedImage[] } {
  if (!Array.isArray(parts)) {
    throw new CodexInputError(
      `input must be a string or an array of parts, got ${describeKind(parts)}`,
      { path: "input" },
    );
  }
  const texts: string[] = [];
  const images: NamedImage[] = [];
  parts.forEach((part: unknown, index) => {
    const at = `input[${index}]`;
    if (typeof part !== "object" || part === null || !("type" in part)) {
      throw new CodexInputError(
        `${at} must be an object of type "text", "local_image" or "image", got ${
          describeKind(part)
        }`,
        { path: at },
      );
    }
    if (part.type === "text") {
      texts.push(checkUnicode(stringIn(part, "text", at), `${at}.text`));
    } else if (part.type === "local_image") {
      const path = stringIn(part, "path", at);
      if (path === "" || path.includes("\0")) {
        throw new CodexInputError(
          `${at}.path must be a path that is not empty and has no NUL character`,
          {
            path: `${at}.path`,
          },
        );
      }
      images.push({ inputPath: `${at}.path`, path });
    } else if (part.type === "image") {
      const { image } = part as { image?: ImageSource };
      images.push({ inputPath: `${at}.image`, image });
    } else {
      throw new CodexInputError(
        `${at}.type must be "text", "local_image" or "image", got ${
          typeof part.type === "string"
            ? JSON.stringify(shorten(part.type, 100))
            : describeKind(part.type)
        }`,
        { path: `${at}.type` },
      );
    }
  });
  return { prompt: texts.join("\n\n"), images };
}

function stringIn(part: object, key: string, at: string): string {
  const value = (part as { readonly [key: string]: unknown })[key];
  if (typeof value === "string") return value;
  throw new CodexInputError(
    `${at}.${key} must be a string, got ${describeKind(value)}`,
    { path: `${at}.${key}` },
  );
}

/** Counts characters as the CLI does, not UTF-16 units, if the difference can matter. */
function countCharacters(text: string): number {
  if (text.length <= MAX_PROMPT_LENGTH) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function describeKind(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
