/**
 * Checks the npm package, packed and installed: `deno task check:npm [PACKAGE]`.
 * PACKAGE is one that is built already: a folder such as npm/, or a tarball
 * (`.tgz`). Without it, one is built for the occasion.
 *
 * @module
 */

import { resolve } from "node:path";
import { closingLine } from "./junit.ts";
import { checkNpm } from "./npm/check/mod.ts";
import { say } from "./print.ts";

const begun = performance.now();
const [given] = Deno.args;
const outcome = await checkNpm(
  given === undefined ? undefined : resolve(given),
);
const seconds = Math.round((performance.now() - begun) / 1000);
say(`The npm package was checked in ${seconds} s.`);
say(closingLine(outcome));
Deno.exit(outcome.failed === 0 ? 0 : 1);
