import { CodexEnvironmentError } from "../errors/codex_error.ts";
import { imageType } from "../input/image_type.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { Runtime } from "../runtime/types.ts";
import type { TurnImage } from "../transport/transport.ts";
import { below } from "./locate/paths.ts";
import { absolutePath } from "./working_directory.ts";
import { quoted } from "../util/text.ts";

/** A temporary file that lives as long as a turn. */
export interface TurnFile {
  /** The path of the file, or of the folder that holds several. */
  readonly path: string;
  /** The folder made for it. */
  readonly folder: string;
  /** Removes it and the folder made for it; never fails. */
  remove(): Promise<void>;
}

/** The files that are written for one turn. */
export class TurnFiles {
  readonly #files: TurnFile[] = [];

  /** The folders made for them. */
  get folders(): readonly string[] {
    return this.#files.map(({ folder }) => folder);
  }

  /** Writes the output schema, if there is one, and gives its path. */
  async writeSchema(
    runtime: Runtime,
    schema: JsonObject | undefined,
  ): Promise<string | undefined> {
    if (schema === undefined) return undefined;
    const file = await writeSchemaFile(runtime, schema);
    this.#files.push(file);
    return file.path;
  }

  /** Writes the images that come from memory, and gives the paths of all. */
  async writeImages(
    runtime: Runtime,
    images: readonly TurnImage[],
  ): Promise<readonly string[]> {
    const { paths, file } = await writeImageFiles(runtime, images);
    if (file !== undefined) this.#files.push(file);
    return paths;
  }

  /** Removes them all; never fails. */
  async remove(): Promise<void> {
    await Promise.all(this.#files.map((file) => file.remove()));
  }
}

/** Writes the output schema where only this user can read it. */
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

/** Makes a folder for temporary files; TMPDIR may be relative, and the CLI starts elsewhere. */
async function makeFolder(runtime: Runtime, prefix: string): Promise<string> {
  return absolutePath(runtime, await runtime.makeTempFolder(prefix));
}

/** The images of a turn, as files that the CLI can read. */
export interface ImageFiles {
  /** Their paths, in order. */
  readonly paths: readonly string[];
  /** The folder made for those from memory; `undefined` if there are none. */
  readonly file: TurnFile | undefined;
}

/**
 * Writes the images that come from memory where only this user can read them; the
 * others stay where they are.
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
