import { CodexEnvironmentError } from "../errors/codex_error.ts";
import { imageType } from "../input/image_type.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { Runtime } from "../runtime/types.ts";
import type { TurnImage } from "../transport/transport.ts";
import { below } from "./locate/paths.ts";
import { absolutePath } from "./working_directory.ts";
import { quoted } from "../util/text.ts";

/** A temporary file that exists as long as a turn. */
export interface TurnFile {
  /** The path of the file, or of the folder if there are several files. */
  readonly path: string;
  /** The folder that was created for it. */
  readonly folder: string;
  /** Removes the file and its folder; never rejects. */
  remove(): Promise<void>;
}

/** The temporary files of one turn. */
export class TurnFiles {
  readonly #files: TurnFile[] = [];

  /** The folders that were created for the files. */
  get folders(): readonly string[] {
    return this.#files.map(({ folder }) => folder);
  }

  /** Writes the output schema, if there is one, and returns its path. */
  async writeSchema(
    runtime: Runtime,
    schema: JsonObject | undefined,
  ): Promise<string | undefined> {
    if (schema === undefined) return undefined;
    const file = await writeSchemaFile(runtime, schema);
    this.#files.push(file);
    return file.path;
  }

  /** Writes the images that come from memory, and returns the paths of all images. */
  async writeImages(
    runtime: Runtime,
    images: readonly TurnImage[],
  ): Promise<readonly string[]> {
    const { paths, file } = await writeImageFiles(runtime, images);
    if (file !== undefined) this.#files.push(file);
    return paths;
  }

  /** Removes all files; never rejects. */
  async remove(): Promise<void> {
    await Promise.all(this.#files.map((file) => file.remove()));
  }
}

/** Writes the output schema to a file that only this user can read. */
export async function writeSchemaFile(
  runtime: Runtime,
  schema: JsonObject,
): Promise<TurnFile> {
  const folder = await makeFolder(runtime, "codex-output-schema-");
  const file: TurnFile = {
    path: below(folder, "schema.json"),
    folder,
    remove: () => runtime.removeFolder(folder, [file.path]).catch(() => {}),
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
 * Creates a folder for temporary files. TMPDIR may be relative, and the CLI may start in
 * another folder, so the path is absolute.
 */
async function makeFolder(runtime: Runtime, prefix: string): Promise<string> {
  return absolutePath(runtime, await runtime.makeTempFolder(prefix));
}

/** The images of a turn, as files that the CLI can read. */
export interface ImageFiles {
  /** The paths, in order. */
  readonly paths: readonly string[];
  /**
   * The folder that was created for images from memory; `undefined` if there are none.
   */
  readonly file: TurnFile | undefined;
}

/**
 * Writes images that come from memory to files that only this user can read; other images
 * stay in place.
 */
export async function writeImageFiles(
  runtime: Runtime,
  images: readonly TurnImage[],
): Promise<ImageFiles> {
  if (images.every(({ source }) => typeof source === "string")) {
    return {
      paths: images.map(({ source }) => String(source)),
      file: undefined,
    };
  }
  const folder = await makeFolder(runtime, "codex-images-");
  if (folder.includes(",")) {
    await runtime.removeFolder(folder, []).catch(() => {});
    throw new CodexEnvironmentError(
      `Cannot write images to ${
        quoted(folder)
      }: the CLI splits paths at commas; set TMPDIR to a folder whose path has none`,
      { path: folder, systemCode: "" },
    );
  }
  const written: string[] = [];
  const file: TurnFile = {
    path: folder,
    folder,
    remove: () => runtime.removeFolder(folder, written).catch(() => {}),
  };
  try {
    const paths: string[] = [];
    for (const { source } of images) {
      if (typeof source === "string") {
        paths.push(source);
        continue;
      }
      const name = `${paths.length}.${imageType(source) ?? "bin"}`;
      const path = below(folder, name);
      paths.push(path);
      written.push(path);
      await runtime.writeFile(path, source);
    }
    return { paths, file };
  } catch (error) {
    await file.remove();
    throw error;
  }
}
