import type { DenoLike } from "./deno.ts";
import type { NodeProcess } from "./node.ts";

/** The runtimes' own objects, as far as they are there. */
export interface RuntimeGlobals {
  /** Deno's. */
  readonly deno: DenoLike | undefined;
  /** Node's and Bun's; Deno has one too, but what that starts cannot be trusted (facts R1). */
  readonly process: NodeProcess | undefined;
}

/** Looks for the runtimes' own objects, by what they can do. */
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
