/**
 * Loads files of behaviours, of which none is run, and has each report what it
 * declares to a file of its own in a folder: `declare.ts <folder> <files>`.
 *
 * @module
 */

import { ROOT_URL } from "../project.ts";
import { behaviourPath } from "./behaviours.ts";

const [folder, ...files] = Deno.args;
// No name holds this.
Deno.env.set("CONFORMANCE_BEHAVIOUR", "(none)");
for (const file of files) {
  Deno.env.set("CONFORMANCE_RESULTS", `${folder}/${file}.jsonl`);
  await import(new URL(behaviourPath(file), ROOT_URL).href);
}
