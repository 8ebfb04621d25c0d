/**
 * Checks that src/ only needs the web's own libraries, except in the layers that may load
 * `node:` modules. `process` and `Buffer` are declared for modules that import
 * src/runtime/node.ts; the lint rules find their use.
 *
 * @module
 */

import { findLayer } from "./layers.ts";
import { listFiles } from "./project.ts";
import { runDeno } from "./run.ts";

/** The options of deno.json with a browser's libraries; a test compares both. */
export const WEB_CONFIG = "scripts/web.json";

/** Checks the types. */
export async function checkWeb(): Promise<boolean> {
  const files = (await listFiles("src")).filter((path) => {
    const layer = findLayer(path);
    return layer !== undefined && layer.node === undefined;
  });
  if (files.length === 0) throw new Error("No file was found");
  return await runDeno(["check", "--config", WEB_CONFIG, ...files]) === 0;
}
