import type { ThreadSource } from "../connection/wire.ts";

/** The sources of the threads that people and programs have begun. */
export const THREAD_SOURCES: readonly ThreadSource[] = [
  "cli",
  "vscode",
  "exec",
  "appServer",
];
