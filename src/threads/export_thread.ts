import type { ExportThreadOptions } from "./options.ts";

/** Reads a thread out of a home, as one bundle. */
export function exportThread(
  _id: string,
  _options: ExportThreadOptions = {},
): Promise<ReadableStream<Uint8Array>> {
  return Promise.reject(new Error("Not built yet"));
}
