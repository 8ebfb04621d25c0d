/** Builds and runs a program that uses this package from a registry. @module */

import { assert } from "@std/assert";
import type { RealCodex } from "./real_codex.ts";
import { MINUTE_MS } from "../../src/testing/waiting.ts";

/** The variable that tells the program how to reach the CLI and the model. */
const VARIABLE = "ACODEX_PUBLISHED_SETTING";

/** The CLI, as the project has it from npm. */
const CODEX = new URL("../../node_modules/.bin/codex", import.meta.url);

/**
 * Returns a program that loads three entries and runs a blocking turn. It prints, as
 * JSON, the types of two exports, and the answer or the error.
 *
 * @param name The package's name in the program's imports.
 */
export function publishedProgram(name: string): string {
  return `import process from "node:process";
import { Codex, CodexError } from "${name}";
import { reduceTurn } from "${name}/streams";
import { CodexSync } from "${name}/sync";
const { codexOptions, threadOptions } = JSON.parse(process.env.${VARIABLE});
const thread = new CodexSync(codexOptions).startThread(threadOptions);
let said;
try {
  said = thread.run("Hi").finalResponse;
} catch (error) {
  said = error instanceof CodexError ? error.message : \`raw \${error}\`;
}
console.log(JSON.stringify([typeof Codex, typeof reduceTurn, said]));
`;
}

/**
 * Runs a program built by {@linkcode publishedProgram} and returns its parsed output.
 */
export async function runPublished(
  { model, home, inRepo }: RealCodex,
  command: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<unknown> {
  const [program = "", ...args] = command;
  const PATH = Deno.env.get("PATH");
  const setting = {
    codexOptions: {
      codexPathOverride: CODEX.pathname,
      config: model.config,
      env: { ...model.env(home), PATH },
    },
    threadOptions: inRepo,
  };
  const { stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd,
    env: { NO_COLOR: "1", ...env, [VARIABLE]: JSON.stringify(setting) },
    signal: AbortSignal.timeout(MINUTE_MS),
  }).output();
  const text = new TextDecoder();
  assert(stdout.length > 0, text.decode(stderr));
  return JSON.parse(text.decode(stdout));
}
