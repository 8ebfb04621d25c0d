import { CodexInternalError } from "../errors/codex_error.ts";
import type { Files } from "./files.ts";
import { runtimeGlobals } from "./globals.ts";
import { nodeFiles } from "./node_files.ts";

/**
 * Returns the files of the runtime that this code runs on.
 *
 * @throws {CodexInternalError} If it has no access to files.
 */
export function currentFiles(): Files {
  const { deno, process } = runtimeGlobals();
  if (process !== undefined) return nodeFiles(process, deno);
  throw new CodexInternalError(
    "Cannot reach files here: this package runs on Deno, Node and Bun",
  );
}
