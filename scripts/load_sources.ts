/**
 * Loads the sources that count for coverage.ts: the report includes a module that is loaded
 * and never called, but not one that is not loaded.
 *
 * @module
 */

import { listFiles, ROOT_URL } from "./project.ts";

for (const path of await listFiles("src")) {
  if (!path.endsWith(".ts") || path.startsWith("src/testing/")) continue;
  await import(new URL(path, ROOT_URL).href);
}
// A module may keep the process running (a worker waits for its port).
Deno.exit(0);
