/**
 * A host that imports the package and creates a client and threads, and reports what that
 * touched: the environment, files, processes. Then it runs a turn, to show that accesses
 * are recorded.
 *
 * @module
 */

import process from "node:process";
import { touchedByPackages } from "../support/touched.ts";

const touched = touchedByPackages();
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
