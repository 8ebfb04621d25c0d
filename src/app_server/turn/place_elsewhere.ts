import { checkImages } from "../../cli/images.ts";
import { isAbsolute } from "../../cli/locate/paths.ts";
import { absolutePath } from "../../cli/working_directory.ts";
import { CodexInputError } from "../../errors/codex_error.ts";
import type { Runtime } from "../../runtime/types.ts";
import type { TurnImage, TurnRequest } from "../../transport/transport.ts";
import { quoted } from "../../util/text.ts";
import type { Placed } from "./place_request.ts";

/**
 * Checks the paths of a turn on a server elsewhere. Folders are the server's, and cannot be
 * looked at from here; images are files of this machine.
 *
 * @throws {CodexInputError} If a folder is not absolute, or an image cannot be used.
 */
export async function placeElsewhere(
  runtime: Runtime,
  { threadOptions, images, origin, threadId }: Omit<TurnRequest, "signal">,
): Promise<Placed> {
  const cwd = threadOptions.workingDirectory || undefined;
  if (cwd !== undefined) checkAbsolute(cwd, "workingDirectory");
  const directories = (threadOptions.additionalDirectories ?? [])
    .filter((directory) => directory !== "");
  for (const [index, directory] of directories.entries()) {
    checkAbsolute(directory, `additionalDirectories[${index}]`);
  }
  if (cwd === undefined && directories.length > 0) {
    throw new CodexInputError(
      "additionalDirectories needs workingDirectory on a server elsewhere: the further folders are added to it",
      { path: "additionalDirectories" },
    );
  }
  if (cwd === undefined && origin.type === "last" && threadId === null) {
    throw new CodexInputError(
      "resumeLast needs workingDirectory on a server elsewhere: it resumes the thread that was last used there",
      { path: "workingDirectory" },
    );
  }
  return { cwd, directories, images: await placeImages(runtime, images) };
}

/** Checks images that are files of this machine, and makes their paths absolute. */
export async function placeImages(
  runtime: Runtime,
  images: readonly TurnImage[],
): Promise<readonly TurnImage[]> {
  const placed = images.map((image) =>
    typeof image.source === "string"
      ? { ...image, source: absolutePath(runtime, image.source) }
      : image
  );
  await checkImages(runtime, placed);
  return placed;
}

/**
 * Checks that a folder of a server elsewhere is absolute. The server would resolve any other
 * from the folder that it happened to be started in (facts A23).
 *
 * @throws {CodexInputError} If it is relative.
 */
export function checkAbsolute(folder: string, path: string): void {
  if (isAbsolute(folder, false) || isAbsolute(folder, true)) return;
  throw new CodexInputError(
    `${path} must be an absolute path on a server elsewhere: ${
      quoted(folder)
    } is relative`,
    { path },
  );
}
