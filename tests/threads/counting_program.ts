/**
 * Increments a number in the bundle of a thread, as one of several processes.
 *
 * @module
 */

import { CodexThreadConflictError, FolderThreadStore } from "../../threads.ts";

const [folder = "", id = "", saves] = Deno.args;
const store = new FolderThreadStore(folder);
for (let saved = 0; saved < Number(saves);) {
  const stored = await store.load(id);
  const count = Number(new TextDecoder().decode(stored?.bundle));
  const next = new TextEncoder().encode(String(count + 1));
  try {
    await store.save(id, next, stored?.version ?? null);
    saved++;
  } catch (error) {
    // Another process was faster.
    if (!(error instanceof CodexThreadConflictError)) throw error;
  }
}
