import {
  CodexEnvironmentError,
  CodexInputError,
} from "../errors/codex_error.ts";
import { hostReason } from "../errors/host_error.ts";
import { findImageDamage } from "../input/damage/image_damage.ts";
import { imageType } from "../input/image_type.ts";
import type { FileKind, Runtime } from "../runtime/types.ts";
import type { TurnImage } from "../transport/transport.ts";
import { quoted } from "../util/text.ts";

/** The number of bytes of an image that are read first; most images are smaller. */
const FIRST_READ = 1 << 20;

/** The maximum size of an image that is checked for damage, in bytes. */
const MAX_READ = 1 << 26;

/**
 * Matches a file on another machine, in Windows notation; other systems take it for a
 * file in the working directory.
 */
const ON_SERVER = /(?:^|\/)\\\\[^\\/?.]/;

/**
 * Rejects an image that the CLI would silently leave out: a file that is missing (facts
 * F10), unreadable, not an image or damaged (facts F41), or whose path contains a comma,
 * at which the CLI splits it (facts F24).
 *
 * @throws {CodexInputError} If there is no image at a path, or the CLI cannot accept it.
 */
export async function checkImages(
  runtime: Runtime,
  images: readonly TurnImage[],
): Promise<void> {
  for (const { inputPath, source } of images) {
    if (typeof source !== "string") continue;
    const problem = await imageProblem(runtime, source);
    if (problem === undefined) continue;
    throw new CodexInputError(
      `Cannot send image ${quoted(source)} at ${inputPath}: ${problem}`,
      { path: inputPath },
    );
  }
}

/** Describes the problem with an image file; returns `undefined` if there is none. */
async function imageProblem(
  runtime: Runtime,
  path: string,
): Promise<string | undefined> {
  // The CLI would look for two files (facts F24).
  if (path.includes(",")) {
    return "the CLI splits paths at commas; rename or copy the file, or pass its bytes";
  }
  const kind = await readKind(runtime, path);
  if (kind instanceof CodexEnvironmentError) return hostReason(kind.cause);
  if (kind === undefined) {
    return ON_SERVER.test(path) && runtime.platform !== "win32"
      ? "it is on another machine, and only Windows has such paths"
      : "the file does not exist";
  }
  if (kind === "folder") return "it is a folder";
  if (kind !== "file") return "it is not a file";
  let read: ImageContent;
  try {
    read = await readContent(runtime, path);
  } catch (error) {
    return `it cannot be read: ${hostReason(error)}`;
  }
  if (read.bytes.length === 0) return "it is empty";
  if (imageType(read.bytes) === undefined) {
    return "it is not a PNG, JPEG, GIF or WebP image";
  }
  return read.isWhole ? findImageDamage(read.bytes) : undefined;
}

/** The bytes that were read of an image. */
interface ImageContent {
  readonly bytes: Uint8Array;
  /** False if the file is longer. */
  readonly isWhole: boolean;
}

/** Reads an image, or the beginning of a very large one. */
async function readContent(
  runtime: Runtime,
  path: string,
): Promise<ImageContent> {
  for (let length = FIRST_READ;; length *= 8) {
    const bytes = await runtime.readStart(path, length);
    const isWhole = bytes.length < length;
    if (isWhole || length >= MAX_READ) return { bytes, isWhole };
  }
}

/**
 * Reads the kind of file at a path; returns the error if the system does not permit it.
 */
async function readKind(
  runtime: Runtime,
  path: string,
): Promise<FileKind | CodexEnvironmentError | undefined> {
  try {
    return await runtime.fileKind(path);
  } catch (error) {
    if (error instanceof CodexEnvironmentError) return error;
    throw error;
  }
}
