/**
 * Moves threads between machines: exports a thread of the CLI as one bundle, imports it
 * again, and keeps bundles in a store, on Deno, Node and Bun.
 *
 * @example Copy a thread to another machine
 * ```ts
 * import { exportThread, importThread } from "@acodex/sdk/threads";
 *
 * async function copy(id: string, from: string, to: string): Promise<void> {
 *   const bundle = await exportThread(id, { codexHome: from });
 *   await importThread(bundle, { codexHome: to, expectId: id });
 * }
 * ```
 *
 * @module
 */
export {
  CodexThreadBundleError,
  CodexThreadConflictError,
  CodexThreadDivergedError,
  CodexThreadExistsError,
  type ThreadBundleErrorOptions,
  type ThreadConflictErrorOptions,
  type ThreadExistsErrorOptions,
} from "./src/errors/thread_errors.ts";
export {
  CodexThreadBusyError,
  CodexThreadNotFoundError,
  CodexThreadNotResumableError,
} from "./src/errors/turn_errors.ts";
export { exportThread } from "./src/threads/export_thread.ts";
export { importThread } from "./src/threads/import_thread.ts";
export type {
  ExportThreadOptions,
  ImportedThread,
  ImportThreadOptions,
} from "./src/threads/options.ts";
export { FolderThreadStore } from "./src/threads/store/folder_thread_store.ts";
export type {
  StoredThread,
  ThreadStore,
} from "./src/threads/store/thread_store.ts";
