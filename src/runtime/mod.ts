import { CodexInternalError } from "../errors.ts";
import { type DenoLike, denoRuntime } from "./deno.ts";
import { type NodeProcess, nodeRuntime } from "./node.ts";
import type { Runtime } from "./types.ts";

let current: Runtime | undefined;

/**
 * The runtime that this code runs on.
 *
 * @throws {CodexInternalError} Where there is none that starts processes.
 */
export function currentRuntime(): Runtime {
  current ??= findRuntime();
  return current;
}

function findRuntime(): Runtime {
  // Read through globalThis and by structure, so that no runtime's types are needed.
  const { Deno, process } = globalThis as {
    Deno?: DenoLike;
    process?: NodeProcess;
  };
  // Deno first: it has a process too, but what that starts cannot be trusted (facts R1).
  if (Deno?.Command !== undefined) return denoRuntime(Deno);
  if (process?.versions?.node !== undefined) return nodeRuntime(process);
  throw new CodexInternalError(
    "Cannot start processes here: this package runs on Deno, Node and Bun",
  );
}
