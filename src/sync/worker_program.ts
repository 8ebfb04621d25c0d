/**
 * Refers to the worker's program by an import that is never run. A worker is started by a
 * URL, which tools that follow imports do not see. With the import, Deno loads the program
 * together with the other modules, while it can still wait for a registry (facts R34).
 *
 * @module
 */

/** Loads the worker's program; never called. */
export const importWorker = (): Promise<unknown> => import("./worker.ts");
