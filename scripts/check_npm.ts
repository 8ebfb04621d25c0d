/**
 * Checks the npm package, packed and installed: `deno task check:npm [FOLDER]`.
 * FOLDER is a package that is built already, such as npm/; without it, one is
 * built for the occasion.
 *
 * @module
 */

import { resolve } from "node:path";
import { closingLine } from "./junit.ts";
import { checkNpm } from "./npm/check/mod.ts";
import { say } from "./print.ts";

const begun = performance.now();
const [folder] = Deno.args;
const outcome = await checkNpm(
  folder === undefined ? undefined : resolve(folder),
);
const seconds = Math.round((performance.now() - begun) / 1000);
say(`The npm package was checked in ${seconds} s.`);
say(closingLine(outcome));
Deno.exit(outcome.failed === 0 ? 0 : 1);
