/**
 * Prints the history of a thread from the store: `stored.ts ID`. It is copied into the
 * example's project.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import type { ThreadStore } from "@acodex/sdk/threads";
import { argv } from "node:process";
import { gunzipSync } from "node:zlib";

// The module is next to this file only in the example's project.
const { openStore } = await import(new URL("stores.ts", import.meta.url).href);
const opened: { store: ThreadStore; close(): Promise<void> } =
  await openStore();
const stored = await opened.store.load(argv[2] ?? "");
console.log(
  stored === null ? "" : new TextDecoder().decode(gunzipSync(stored.bundle)),
);
await opened.close();
