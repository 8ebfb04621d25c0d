/**
 * Records how installed packages use the environment, files, processes and threads.
 *
 * @module
 */

import * as module from "node:module";
import process from "node:process";

/** The modules whose use is recorded. */
const WATCHED = [
  "node:fs",
  "node:fs/promises",
  "node:child_process",
  "node:worker_threads",
];

/**
 * Intercepts the environment and the watched modules. Returns a list to which it adds
 * each use by an installed package; uses by the runtime's loader do not count. On Deno
 * it records nothing: permissions do the same there.
 */
export function touchedByPackages(): readonly string[] {
  const touched: string[] = [];
  if (process.versions.deno !== undefined) return touched;
  const require = module.createRequire(import.meta.url);
  Error.stackTraceLimit = 100;
  const note = (what: string): void => {
    const trace = new Error().stack?.split("\n") ?? [];
    const byPackage = trace.findIndex((line) =>
      line.includes("/node_modules/")
    );
    if (byPackage === -1) return;
    // If a package requires a module, the access is the loader's.
    const isLoading = trace.slice(0, byPackage).some((line) =>
      line.includes("node:internal/modules/")
    );
    if (!isLoading) touched.push(what);
  };
  Object.defineProperty(process, "env", {
    value: new Proxy({ ...process.env }, {
      get(target, name): string | undefined {
        note("env");
        return target[String(name)];
      },
      ownKeys(target): string[] {
        note("env");
        return Object.keys(target);
      },
    }),
  });
  for (const name of WATCHED) {
    const exports = require(name);
    for (const [key, value] of Object.entries(exports)) {
      if (typeof value !== "function" || !/^[a-z]/.test(key)) continue;
      exports[key] = function (this: unknown, ...args: unknown[]): unknown {
        note(name);
        return value.apply(this, args);
      };
    }
    // Threads are started by a class, the only one to intercept.
    if (name === "node:worker_threads") {
      exports.Worker = class extends exports.Worker {
        constructor(...args: unknown[]) {
          note(name);
          super(...args);
        }
      };
    }
  }
  module.syncBuiltinESMExports();
  return touched;
}
