/**
 * Builds the npm package into npm/, and tries it: `deno task build:npm [--dnt]`.
 * With `--dnt`, as for a release, nothing else will do.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { buildNpm } from "./npm/build.ts";
import { smokeTest } from "./npm/smoke.ts";
import { say } from "./print.ts";
import { readProjectFile, ROOT_URL } from "./project.ts";

const folder = fileURLToPath(new URL("npm", ROOT_URL));
const compiler = await buildNpm(folder);
if (Deno.args.includes("--dnt") && compiler !== "dnt") {
  throw new Error(
    "Cannot release this: its declarations are not made with dnt",
  );
}
const { name, version, exports } = await readProjectFile();
say(await smokeTest(folder, name, Object.keys(exports)));
say(`npm/ holds ${name} ${version}, declared with ${compiler}.`);
