/**
 * Builds the npm package into a folder.
 *
 * @module
 */

import { prepareRegistry, type Registry } from "../closed_network/mod.ts";
import { jsrAnswers } from "../closed_network/probe.ts";
import { say } from "../print.ts";
import { readProjectFile } from "../project.ts";
import { runDeno } from "../run.ts";
import { buildWithPack } from "./build_with_pack.ts";
import { bundle } from "./bundle.ts";
import { finishPackage } from "./finish.ts";
import { makePackageJson } from "./package_json.ts";

/** What made the package's declarations. */
export type Compiler = "dnt" | "deno pack";

/**
 * Builds the package into `folder`, an absolute path; what was there is gone. The
 * modules are bundled by esbuild. Their declarations are made by dnt where JSR has
 * it, else by `deno pack`; the output says which.
 */
export async function buildNpm(folder: string): Promise<Compiler> {
  const registry = await prepareRegistry();
  const compiler = await chooseCompiler(registry);
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  const { files, packages } = await bundle();
  if (compiler === "dnt") await compileWithDnt(folder, packages, registry);
  else await buildWithPack(folder, registry.env);
  const project = await readProjectFile();
  await finishPackage(
    folder,
    files,
    makePackageJson(project, packages, repositoryAddress()),
  );
  return compiler;
}

async function chooseCompiler({ source }: Registry): Promise<Compiler> {
  const dnt = (await readProjectFile()).imports["@deno/dnt"] ?? "";
  if (source === "jsr" && await jsrAnswers([dnt])) {
    say("The npm package is built with dnt.");
    return "dnt";
  }
  say(
    "The npm package is built with deno pack, into the same form: JSR does not answer, and dnt is nowhere else.",
  );
  return "deno pack";
}

/** In a process of its own: dnt changes the working directory, and where JSR does not answer it is not loaded. */
async function compileWithDnt(
  folder: string,
  packages: readonly string[],
  { env }: Registry,
): Promise<void> {
  const script = "scripts/npm/build_with_dnt.ts";
  const args = ["run", "--allow-all", script, folder, ...packages];
  // dnt lets npm install what the declarations name: none of it may run a script.
  const code = await runDeno(args, {
    ...env,
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
