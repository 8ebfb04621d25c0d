import type { ImportedThread, ImportThreadOptions } from "./options.ts";

/** Writes the thread of a bundle into a home. */
export function importThread(
  _bundle: ReadableStream<Uint8Array> | Uint8Array,
  _options: ImportThreadOptions = {},
): Promise<ImportedThread> {
  return Promise.reject(new Error("Not built yet"));
}
