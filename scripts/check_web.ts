/**
 * Proves that all of src/ but the rooms that may load `node:` modules needs nothing
 * but the web's own libraries. `process` and `Buffer` are there for what reaches
 * src/runtime/node.ts: the lint rules find them.
 *
 * @module
 */

import { findLayer } from "./layers.ts";
import { listFiles } from "./project.ts";
import { runDeno } from "./run.ts";

/** The options of deno.json, with the libraries of a browser; a test holds them together. */
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
