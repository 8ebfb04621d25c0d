/**
 * Loads files of behaviours without running any, and makes each write a report of the
 * behaviours that it declares to a folder: `declare.ts <folder> <files>`.
 *
 * @module
 */

import { ROOT_URL } from "../project.ts";
import { behaviourPath } from "./behaviours.ts";

const [folder, ...files] = Deno.args;
// No behaviour has this name.
Deno.env.set("CONFORMANCE_BEHAVIOUR", "(none)");
for (const file of files) {
  Deno.env.set("CONFORMANCE_RESULTS", `${folder}/${file}.jsonl`);
  await import(new URL(behaviourPath(file), ROOT_URL).href);
}
