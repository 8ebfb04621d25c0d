import type { DenoLike } from "./deno.ts";
import type { NodeProcess } from "./node.ts";

/** The runtimes' global objects, if present. */
export interface RuntimeGlobals {
  /** Deno's global. */
  readonly deno: DenoLike | undefined;
  /** The global of Node and Bun; Deno has it, too, but child processes fail with it (facts R1). */
  readonly process: NodeProcess | undefined;
}

/** Finds the runtimes' global objects by their features. */
export function runtimeGlobals(): RuntimeGlobals {
  // Read through globalThis and by structure, so that no runtime's types are needed
  // (facts R5).
  const { Deno, process } = globalThis as {
    Deno?: DenoLike;
    process?: NodeProcess;
  };
  return {
    deno: Deno?.Command === undefined ? undefined : Deno,
    process: process?.versions?.node === undefined ? undefined : process,
  };
}
