import { CodexInputError } from "../errors.ts";
import type { Input } from "../options.ts";

/** The longest prompt that the CLI takes, in characters (facts F1). */
export const MAX_PROMPT_LENGTH = 1_048_576;

/** What is not white space to the CLI, which counts U+0085 as such, too. */
const NOT_BLANK = /[^\s\u0085]/;

/** A prompt as it is sent. */
export interface NormalizedInput {
  /** The texts, joined by blank lines. */
  readonly prompt: string;
  /** The images' paths, in order. */
  readonly images: readonly string[];
}

/**
 * A prompt as it is sent: the texts joined by blank lines, the images in order.
 *
 * @throws {CodexInputError} For what the CLI would refuse or pass over in silence:
 * a prompt that is blank or too long, a part of an unknown kind, an empty path.
 */
export function normalizeInput(input: Input): NormalizedInput {
  const { prompt, images } = typeof input === "string"
    ? { prompt: input, images: [] }
    : joinParts(input);
  if (!NOT_BLANK.test(prompt)) {
    throw new CodexInputError(
      images.length === 0
        ? "Cannot send a blank prompt"
        : "Cannot send images without a text: the CLI needs a prompt that is not blank",
      "input",
    );
  }
  const length = countCharacters(prompt);
  if (length > MAX_PROMPT_LENGTH) {
    throw new CodexInputError(
      `Cannot send a prompt of ${length} characters: the CLI takes ${MAX_PROMPT_LENGTH}`,
      "input",
    );
  }
  return { prompt, images };
}

function joinParts(parts: unknown): NormalizedInput {
  if (!Array.isArray(parts)) {
    throw new CodexInputError(
      `input must be a string or an array of parts, got ${kindOf(parts)}`,
      "input",
    );
  }
  const texts: string[] = [];
  const images: string[] = [];
  parts.forEach((part: unknown, index) => {
    const at = `input[${index}]`;
    if (typeof part !== "object" || part === null || !("type" in part)) {
      throw new CodexInputError(
        `${at} must be a text or a local_image, got ${kindOf(part)}`,
        at,
      );
    }
    if (part.type === "text") {
      texts.push(stringIn(part, "text", at));
    } else if (part.type === "local_image") {
      const path = stringIn(part, "path", at);
      if (path === "" || path.includes("\0")) {
        throw new CodexInputError(`${at}.path must be a path`, `${at}.path`);
      }
      images.push(path);
    } else {
      throw new CodexInputError(
        `${at}.type must be "text" or "local_image", got ${
          JSON.stringify(part.type) ?? kindOf(part.type)
        }`,
        `${at}.type`,
      );
    }
  });
  return { prompt: texts.join("\n\n"), images };
}

function stringIn(part: object, key: string, at: string): string {
  const value = (part as { readonly [key: string]: unknown })[key];
  if (typeof value === "string") return value;
  throw new CodexInputError(
    `${at}.${key} must be a string, got ${kindOf(value)}`,
    `${at}.${key}`,
  );
}

/** The CLI counts characters, not UTF-16 units; counted only where it can matter. */
function countCharacters(text: string): number {
  if (text.length <= MAX_PROMPT_LENGTH) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
