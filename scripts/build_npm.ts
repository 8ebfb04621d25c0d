/**
 * Builds the npm package into npm/: `deno task build:npm [--release]`. A release has
 * declarations by dnt, which comes from JSR. `deno task check:npm npm` tries it:
 * nothing that it depends on may run before it is packed.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { buildNpm, type Compiler, repositoryAddress } from "./npm/build.ts";
import { say } from "./print.ts";
import { readProjectFile, ROOT_URL } from "./project.ts";

const isRelease = Deno.args.includes("--release");
if (isRelease && repositoryAddress() === undefined) {
  throw new Error(
    "Cannot release this: GITHUB_SERVER_URL and GITHUB_REPOSITORY do not name the repository for package.json",
  );
}
const compiler: Compiler = isRelease ? "dnt" : "deno pack";
await buildNpm(fileURLToPath(new URL("npm", ROOT_URL)), compiler);
const { name, version } = await readProjectFile();
say(`npm/ holds ${name} ${version}, declared with ${compiler}.`);
