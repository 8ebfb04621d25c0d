/**
 * What installed packages do with the environment, files, processes and threads.
 *
 * @module
 */

import * as module from "node:module";
import process from "node:process";

/** The modules that touch something. */
const WATCHED = [
  "node:fs",
  "node:fs/promises",
  "node:child_process",
  "node:worker_threads",
];

/**
 * Puts a watch on the environment and on the modules that touch something, and
 * gives the list to which it adds what installed packages do with them: a
 * runtime's own loader uses both. On Deno permissions are that watch.
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
    // A package that requires a module touches nothing; the loader does.
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
    // A thread is started by a class, the only one that counts here.
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
