/**
 * Runs the turn that its argument describes, and prints the outcome as JSON. @module
 */

import { Codex } from "../../src/codex.ts";
import {
  CodexError,
  CodexPermissionError,
} from "../../src/errors/codex_error.ts";

const { codex, input, turn } = JSON.parse(Deno.args[0] ?? "{}");
// JSON lacks undefined, so null replaces it.
for (const [name, value] of Object.entries(codex?.env ?? {})) {
  if (value === null) codex.env[name] = undefined;
}
try {
  const { finalResponse } = await new Codex(codex).startThread()
    .run(input ?? "Do it", turn);
  print({ answer: finalResponse });
} catch (error) {
  print({
    name: error instanceof Error ? error.name : "",
    code: error instanceof CodexError ? error.code : "",
    flag: error instanceof CodexPermissionError ? error.flag : "",
    message: error instanceof Error ? error.message : String(error),
  });
}

function print(value: unknown): void {
  // deno-lint-ignore no-console
  console.log(JSON.stringify(value));
}
