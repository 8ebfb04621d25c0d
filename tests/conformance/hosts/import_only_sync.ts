/**
 * The same as `import_only.ts`, for the blocking client.
 *
 * @module
 */

import process from "node:process";
import { touchedByPackages } from "../support/touched.ts";

const touched = touchedByPackages();
const { CodexError } = await import("@acodex/sdk");
const { CancelFlag, CodexSync } = await import("@acodex/sdk/sync");
const thread = new CodexSync({ apiKey: "sk-none" }).startThread({ model: "m" });
new CodexSync().resumeThread("01a204fd-5d2f-7c33-a821-7f8c92f2a0ef");
const signal = new CancelFlag();
const atImport = [...touched];
let code: unknown;
try {
  thread.run("Hi", { signal });
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
