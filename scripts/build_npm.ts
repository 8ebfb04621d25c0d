/**
 * Builds the npm package into npm/, and tries it: `deno task build:npm`.
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
const { name, version, exports } = await readProjectFile();
say(await smokeTest(folder, name, Object.keys(exports)));
say(`npm/ holds ${name} ${version}, built with ${compiler}.`);
