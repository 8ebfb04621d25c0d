/**
 * A host that imports the package and makes a client and threads, and tells what
 * was touched by that: the environment, files, processes. Then it runs a turn, to
 * show that it would have been told.
 *
 * @module
 */

import * as module from "node:module";
import process from "node:process";

const touched: string[] = [];
const require = module.createRequire(import.meta.url);
watch();
const { Codex, CodexError } = await import("@acodex/sdk");
await import("@acodex/sdk/streams");
const thread = new Codex({ apiKey: "sk-none" }).startThread({ model: "m" });
new Codex().resumeThread("01a204fd-5d2f-7c33-a821-7f8c92f2a0ef");
const atImport = [...touched];
let code: unknown;
try {
  await thread.run("Hi");
} catch (error) {
  if (!(error instanceof CodexError)) throw error;
  code = error.code;
}
process.stdout.write(
  `${
    JSON.stringify({
      atImport,
      inTurn: [...new Set(touched)].sort(),
      code,
    })
  }\n`,
);

/**
 * Puts a watch on the environment and on the modules that touch something, and
 * tells what installed packages do with them: a runtime's own loader uses both. On
 * Deno permissions are that watch.
 */
function watch(): void {
  if (process.versions.deno !== undefined) return;
  Error.stackTraceLimit = 100;
  const note = (what: string): void => {
    if (new Error().stack?.includes("/node_modules/")) touched.push(what);
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
  for (const name of ["node:fs", "node:fs/promises", "node:child_process"]) {
    const exports = require(name);
    for (const [key, value] of Object.entries(exports)) {
      if (typeof value !== "function" || !/^[a-z]/.test(key)) continue;
      exports[key] = function (this: unknown, ...args: unknown[]): unknown {
        note(name);
        return value.apply(this, args);
      };
    }
  }
  module.syncBuiltinESMExports();
}
