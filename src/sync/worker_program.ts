/**
 * Names the worker's program by an import that is never made: a worker is started by a
 * URL, and what is named by a URL alone is left out by whatever follows imports. Deno
 * loads it with the rest so, while it can still wait for a registry (facts R34).
 *
 * @module
 */

/** Loads the worker's program; never called. */
export const importWorker = (): Promise<unknown> => import("./worker.ts");
