import { CodexInternalError } from "../errors.ts";
import type { DenoLike } from "./deno.ts";
import type { NodeProcess } from "./node.ts";
import type { Runtime } from "./types.ts";

let current: Promise<Runtime> | undefined;

/** The runtime that this code runs on; its adapter is loaded when it is first asked for. */
export function currentRuntime(): Promise<Runtime> {
  current ??= load();
  return current;
}

async function load(): Promise<Runtime> {
  // Read through globalThis and by structure, so that no runtime's types are needed.
  const { Deno, process } = globalThis as {
    Deno?: DenoLike;
    process?: NodeProcess;
  };
  // Deno first: it has a process too, but what that starts cannot be trusted (facts R1).
  if (Deno?.Command !== undefined) {
    const { denoRuntime } = await import("./deno.ts");
    return denoRuntime(Deno);
  }
  if (process?.versions?.node !== undefined) {
    const { nodeRuntime } = await import("./node.ts");
    return nodeRuntime(process);
  }
  throw new CodexInternalError(
    "Cannot start processes here: this package runs on Deno, Node and Bun",
  );
}
