import { CodexInputError } from "../errors.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { Runtime } from "../runtime/types.ts";
import { below } from "./paths.ts";

/** A file that is there for the length of a turn. */
export interface TurnFile {
  /** Where it is. */
  readonly path: string;
  /** The folder made for it. */
  readonly folder: string;
  /** Removes it and the folder made for it; never fails. */
  remove(): Promise<void>;
}

/** Writes the output schema where only this user can read it. */
export async function writeSchemaFile(
  runtime: Runtime,
  schema: JsonObject,
): Promise<TurnFile> {
  const folder = await runtime.makeTempFolder("codex-output-schema-");
  const file: TurnFile = {
    path: below(folder, "schema.json"),
    folder,
    remove: () => runtime.removeFolder(folder).catch(() => {}),
  };
  try {
    await runtime.writeFile(file.path, JSON.stringify(schema));
    return file;
  } catch (error) {
    await file.remove();
    throw error;
  }
}

/**
 * Refuses an image that the CLI would leave out in silence: one that is not there
 * (facts F10), and one whose path holds a comma, where the CLI splits it in two.
 *
 * @throws {CodexInputError} For a path where there is no file, or that the CLI cannot take.
 */
export async function checkImages(
  runtime: Runtime,
  images: readonly string[],
): Promise<void> {
  for (const path of images) {
    if (path.includes(",")) {
      throw new CodexInputError(
        `Cannot send image "${path}": the CLI splits paths at commas; rename or copy the file`,
        "input",
      );
    }
    const kind = await runtime.fileKind(path);
    if (kind === "file") continue;
    throw new CodexInputError(
      `Cannot send image "${path}": ${
        kind === undefined ? "there is no such file" : "it is not a file"
      }`,
      "input",
    );
  }
}
