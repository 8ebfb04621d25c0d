/**
 * Prints the history of a thread as the store has it: `stored.ts ID`. It is put into the
 * example's project.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import type { ThreadStore } from "@acodex/sdk/threads";
import { argv } from "node:process";
import { gunzipSync } from "node:zlib";

// It lies beside this file there, and not here.
const { openStore } = await import(new URL("stores.ts", import.meta.url).href);
const opened: { store: ThreadStore; close(): Promise<void> } =
  await openStore();
const stored = await opened.store.load(argv[2] ?? "");
console.log(
  stored === null ? "" : new TextDecoder().decode(gunzipSync(stored.bundle)),
);
await opened.close();
