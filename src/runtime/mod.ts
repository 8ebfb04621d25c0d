import { CodexInternalError } from "../errors.ts";
import type { DenoLike } from "./deno.ts";
import type { Runtime } from "./types.ts";

let current: Promise<Runtime> | undefined;

/** The runtime that this code runs on; its adapter is loaded when it is first asked for. */
export function currentRuntime(): Promise<Runtime> {
  current ??= load();
  return current;
}

async function load(): Promise<Runtime> {
  // Read through globalThis and by structure, so that no runtime's types are needed.
  const { Deno } = globalThis as { Deno?: DenoLike };
  if (Deno?.Command !== undefined) {
    const { denoRuntime } = await import("./deno.ts");
    return denoRuntime(Deno);
  }
  throw new CodexInternalError(
    "Cannot tell the runtime: this version runs on Deno",
  );
}
