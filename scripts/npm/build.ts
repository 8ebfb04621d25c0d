/**
 * Builds the npm package into a folder.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { listFiles, readProjectFile, ROOT_URL } from "../project.ts";
import { bundle } from "./bundle.ts";
import { declareWithDnt } from "./declare_with_dnt.ts";
import { declareWithPack } from "./declare_with_pack.ts";
import {
  CODE_FOLDER,
  DOCUMENT_FOLDERS,
  DOCUMENTS,
  makePackageJson,
} from "./package_json.ts";

/** The tool for the package's declarations; a release uses dnt, which is only on JSR. */
export type Compiler = "dnt" | "deno pack";

/**
 * Builds the package into `folder`, an absolute path, and removes its previous content. The
 * modules are always bundled by esbuild.
 */
export async function buildNpm(
  folder: string,
  compiler: Compiler,
): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  const { files, packages } = await bundle();
  const packageJson = makePackageJson(
    await readProjectFile(),
    packages,
    repositoryAddress(),
  );
  if (compiler === "dnt") await declareWithDnt(folder, packageJson);
  else await declareWithPack(`${folder}/${CODE_FOLDER}`);

  await keepDeclarations(pathToFileURL(`${folder}/`));
  const all = {
    ...files,
    "package.json": `${JSON.stringify(packageJson, null, 2)}\n`,
  };
  for (const [path, text] of Object.entries(all)) {
    const file = `${folder}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  const pages = await Promise.all(DOCUMENT_FOLDERS.map(listFiles));
  for (const document of [...DOCUMENTS, ...pages.flat()]) {
    const file = `${folder}/${document}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.copyFile(new URL(document, ROOT_URL), file);
  }
}

/** Removes a compiler's output except the declarations. */
async function keepDeclarations(folder: URL): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (name === CODE_FOLDER) continue;
    await Deno.remove(new URL(name, folder), { recursive: true });
  }
  const code = new URL(CODE_FOLDER, folder);
  for (const path of await listFiles(code.pathname)) {
    if (!path.endsWith(".d.ts")) await Deno.remove(new URL(path, folder));
  }
}

/**
 * Returns the address of the repository that publishes, which npm's provenance requires in
 * package.json; `undefined` outside of CI.
 */
export function repositoryAddress(): string | undefined {
  const server = Deno.env.get("GITHUB_SERVER_URL");
  const repository = Deno.env.get("GITHUB_REPOSITORY");
  return server && repository ? `${server}/${repository}` : undefined;
}
