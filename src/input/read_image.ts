import { CodexInputError } from "../errors/codex_error.ts";
import type { ImageSource } from "../options/options.ts";
import type { TurnImage } from "../transport/transport.ts";
import { decodeDataUrl } from "./data_url.ts";
import { fileUrlToPath } from "./file_url.ts";
import { findImageDamage } from "./damage/image_damage.ts";
import { imageType } from "./image_type.ts";
import { CodexCancelledError } from "../errors/turn_errors.ts";
import type { AbortSignalLike } from "../util/on_abort.ts";
import { isTagged } from "../util/realms.ts";
import { withSignal } from "../util/with_signal.ts";

/**
 * Reads an image from memory for a turn. Checks and copies its bytes, so that later
 * changes by the caller have no effect; for a `file:` URL returns its path.
 *
 * @param inputPath The image's path in the input, such as `input[1].image`.
 * @param signal Stops waiting for the bytes of a `Blob`, which may never arrive.
 * @throws {CodexInputError} If it is not an image, or would have to be fetched.
 * @throws {CodexCancelledError} If the signal is aborted first.
 */
export async function readImage(
  source: ImageSource | undefined,
  inputPath: string,
  signal?: AbortSignalLike,
): Promise<TurnImage> {
  const read = resolveSource(source, inputPath);
  return isSync(read)
    ? toTurnImage(read, inputPath)
    : toTurnImage(await readBlob(read, inputPath, signal), inputPath);
}

/**
 * Reads an image like {@linkcode readImage}, without waiting.
 *
 * @throws {CodexInputError} Also for a `Blob`.
 */
export function readImageSync(
  source: ImageSource | undefined,
  inputPath: string,
): TurnImage {
  const read = resolveSource(source, inputPath);
  if (isSync(read)) return toTurnImage(read, inputPath);
  throw imageError(
    inputPath,
    "the blocking client cannot read a Blob; pass its bytes",
  );
}

function isSync(
  read: ReturnType<typeof resolveSource>,
): read is string | Uint8Array {
  return typeof read === "string" || read instanceof Uint8Array;
}

async function readBlob(
  blob: Pick<Blob, "arrayBuffer">,
  inputPath: string,
  signal: AbortSignalLike | undefined,
): Promise<Uint8Array> {
  try {
    const reading = blob.arrayBuffer();
    return new Uint8Array(
      signal === undefined
        ? await reading
        : await withSignal(reading, signal, () => new CodexCancelledError()),
    );
  } catch (cause) {
    if (cause instanceof CodexCancelledError) throw cause;
    throw imageError(inputPath, "it cannot be read", cause);
  }
}

function toTurnImage(bytes: string | Uint8Array, inputPath: string): TurnImage {
  if (typeof bytes === "string") return { inputPath, source: bytes };
  if (bytes.length === 0) throw imageError(inputPath, "it is empty");
  if (imageType(bytes) === undefined) {
    throw imageError(inputPath, "it is not a PNG, JPEG, GIF or WebP image");
  }
  const damage = findImageDamage(bytes);
  if (damage !== undefined) throw imageError(inputPath, damage);
  return { inputPath, source: bytes };
}

/** Resolves a source to bytes, to a blob that contains them, or to the path of a file. */
function resolveSource(
  source: unknown,
  inputPath: string,
): string | Uint8Array | Pick<Blob, "arrayBuffer"> {
  if (typeof source === "string") {
    if (/^data:/i.test(source)) return decodeDataUrl(source, inputPath);
    throw imageError(
      inputPath,
      'a string must be a data: URL; use { type: "local_image", path } for a path, and a URL object for a file: URL',
    );
  }
  if (ArrayBuffer.isView(source)) {
    const { buffer, byteOffset, byteLength } = source;
    return new Uint8Array(buffer, byteOffset, byteLength).slice();
  }
  // Tested by tag or by method, so that objects of another realm are accepted, too.
  if (isTagged(source, "ArrayBuffer")) {
    return new Uint8Array(source as ArrayBuffer).slice();
  }
  if (isTagged(source, "URL")) return resolveUrl(source as URL, inputPath);
  if (isBlob(source)) return source;
  throw imageError(
    inputPath,
    `it must be bytes, a Blob, a data: URL or a file: URL, got ${
      source === null ? "null" : typeof source
    }`,
  );
}

function resolveUrl(url: URL, inputPath: string): string | Uint8Array {
  switch (url.protocol) {
    case "data:":
      return decodeDataUrl(url.href, inputPath);
    case "file:":
      return fileUrlToPath(url, inputPath);
    default:
      throw imageError(
        inputPath,
        `${url.protocol} URLs are not fetched; fetch it yourself, and pass its bytes`,
      );
  }
}

function isBlob(value: unknown): value is Blob {
  return typeof value === "object" && value !== null &&
    "arrayBuffer" in value && typeof value.arrayBuffer === "function";
}

function imageError(
  inputPath: string,
  why: string,
  cause?: unknown,
): CodexInputError {
  return new CodexInputError(
    `Cannot send the image at ${inputPath}: ${why}`,
    { path: inputPath, cause },
  );
}
