import { CodexInternalError } from "../errors/codex_error.ts";
import { denoRuntime } from "./deno.ts";
import { runtimeGlobals } from "./globals.ts";
import { nodeRuntime } from "./node.ts";
import type { Runtime } from "./types.ts";

let current: Runtime | undefined;

/**
 * Returns the runtime that this code runs on.
 *
 * @throws {CodexInternalError} If it cannot start processes.
 */
export function currentRuntime(): Runtime {
  current ??= findRuntime();
  return current;
}

function findRuntime(): Runtime {
  const { deno, process } = runtimeGlobals();
  if (deno !== undefined) return denoRuntime(deno);
  if (process !== undefined) return nodeRuntime(process);
  throw new CodexInternalError(
    "Cannot start processes here: this package runs on Deno, Node and Bun",
  );
}
