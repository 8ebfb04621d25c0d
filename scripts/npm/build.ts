/**
 * Builds the npm package into a folder.
 *
 * @module
 */

import { readProjectFile } from "../project.ts";
import { runDeno } from "../run.ts";
import { buildWithPack } from "./build_with_pack.ts";
import { bundle } from "./bundle.ts";
import { finishPackage } from "./finish.ts";
import { makePackageJson } from "./package_json.ts";

/** What makes the package's declarations: dnt, which JSR alone has, for a release. */
export type Compiler = "dnt" | "deno pack";

/**
 * Builds the package into `folder`, an absolute path; what was there is gone. The
 * modules are bundled by esbuild, whatever makes their declarations.
 */
export async function buildNpm(
  folder: string,
  compiler: Compiler,
): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  const { files, packages } = await bundle();
  if (compiler === "dnt") await compileWithDnt(folder, packages);
  else await buildWithPack(folder);
  const project = await readProjectFile();
  await finishPackage(
    folder,
    files,
    makePackageJson(project, packages, repositoryAddress()),
  );
}

/** In a process of its own: dnt changes the working directory. */
async function compileWithDnt(
  folder: string,
  packages: readonly string[],
): Promise<void> {
  const script = "scripts/npm/build_with_dnt.ts";
  const args = ["run", "--allow-all", script, folder, ...packages];
  // dnt lets npm install what the declarations name: none of it may run a script.
  const code = await runDeno(args, {
    npm_config_ignore_scripts: "true",
  });
  if (code !== 0) {
    throw new Error(`Cannot build with dnt: it ended with ${code}`);
  }
}

/** The repository that publishes: npm's provenance wants it in package.json. */
function repositoryAddress(): string | undefined {
  const server = Deno.env.get("GITHUB_SERVER_URL");
  const repository = Deno.env.get("GITHUB_REPOSITORY");
  return server && repository ? `${server}/${repository}` : undefined;
}
