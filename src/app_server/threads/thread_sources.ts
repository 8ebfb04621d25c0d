import type { ThreadSource } from "../connection/wire.ts";

/** The sources of threads that users and programs began, rather than agents. */
export const THREAD_SOURCES: readonly ThreadSource[] = [
  "cli",
  "vscode",
  "exec",
  "appServer",
];
