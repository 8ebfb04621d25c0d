/**
 * Builds the npm package into npm/, and tries it: `deno task build:npm [--release]`.
 *
 * For a release its declarations have to be made with dnt, and it is not tried:
 * that runs what it depends on, and nothing of it may run before the package is
 * packed. `deno task check:npm` tries the tarball, elsewhere.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { buildNpm, type Compiler } from "./npm/build.ts";
import { smokeTest } from "./npm/smoke.ts";
import { say } from "./print.ts";
import { readProjectFile, ROOT_URL } from "./project.ts";

const folder = fileURLToPath(new URL("npm", ROOT_URL));
const isRelease = Deno.args.includes("--release");
const compiler: Compiler = isRelease ? "dnt" : "deno pack";
await buildNpm(folder, compiler);
const { name, version, exports } = await readProjectFile();
if (!isRelease) say(await smokeTest(folder, name, Object.keys(exports)));
say(`npm/ holds ${name} ${version}, declared with ${compiler}.`);
