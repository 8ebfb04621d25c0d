/**
 * Loads the sources that count for coverage.ts: a module that is loaded and never
 * called shows in the report, one that is not loaded is missing.
 *
 * @module
 */

import { listFiles, ROOT_URL } from "./project.ts";

for (const path of await listFiles("src")) {
  if (!path.endsWith(".ts") || path.startsWith("src/testing/")) continue;
  await import(new URL(path, ROOT_URL).href);
}
// A module may hold the process open (a worker waits for its port).
Deno.exit(0);
