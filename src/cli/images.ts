import {
  CodexEnvironmentError,
  CodexInputError,
} from "../errors/codex_error.ts";
import { hostReason } from "../errors/host_error.ts";
import { IMAGE_START, imageType } from "../input/image_type.ts";
import type { FileKind, Runtime } from "../runtime/types.ts";
import type { TurnImage } from "../transport/transport.ts";
import { quoted } from "../util/text.ts";

/**
 * Rejects an image that the CLI would silently leave out: one that is missing
 * (facts F10), unreadable or not an image, and one whose path holds a comma, at
 * which the CLI splits it (facts F24).
 *
 * @throws {CodexInputError} If there is no image at a path, or the CLI cannot take it.
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

/** Tells what is wrong with an image file; gives `undefined` if nothing is. */
async function imageProblem(
  runtime: Runtime,
  path: string,
): Promise<string | undefined> {
  // It would be two files that are not there (facts F24).
  if (path.includes(",")) {
    return "the CLI splits paths at commas; rename or copy the file, or give its bytes";
  }
  const kind = await readKind(runtime, path);
  if (kind instanceof CodexEnvironmentError) return hostReason(kind.cause);
  if (kind === undefined) return "there is no such file";
  if (kind === "folder") return "it is a folder";
  if (kind !== "file") return "it is not a file";
  let start: Uint8Array;
  try {
    start = await runtime.readStart(path, IMAGE_START);
  } catch (error) {
    return `it cannot be read: ${hostReason(error)}`;
  }
  if (start.length === 0) return "it is empty";
  return imageType(start) === undefined
    ? "its content is no PNG, JPEG, GIF or WebP"
    : undefined;
}

/** Reads the kind of file at a path; gives the error if the system does not tell. */
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
