/** Reads the pipes of children. @module */

import type { PipeReader } from "../../src/runtime/types.ts";

/** Reads everything from a pipe as text. */
export async function readText(pipe: PipeReader): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (
    let chunk = await pipe.read();
    chunk !== undefined;
    chunk = await pipe.read()
  ) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
