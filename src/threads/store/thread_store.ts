/** A bundle as a store has it. */
export interface StoredThread {
  /** The bundle, as `exportThread` gives it. */
  readonly bundle: Uint8Array;
  /** The version of what is stored: another one after each save. Opaque; at most 200 characters. */
  readonly version: string;
}

/**
 * Keeps the bundles of threads where several machines reach them. Each save names the
 * version that it replaces, so that a worker which was frozen, and wakes when another one
 * has gone on with its thread, overwrites nothing.
 *
 * `threadStoreTests` of `@acodex/sdk/testing` tests one.
 */
export interface ThreadStore {
  /** Reads the latest bundle of a thread; `null` where there is none. Ids are compared without case. */
  load(id: string): Promise<StoredThread | null>;
  /**
   * Stores a bundle in the place of a version, in one step: of several that name the same
   * one, one succeeds.
   *
   * @param expectedVersion The version to be replaced, as `load` or the `save` before gave
   * it; `null` for a thread that is not stored yet.
   * @returns The new version.
   * @throws {CodexThreadConflictError} If another version is stored; nothing is changed.
   */
  save(
    id: string,
    bundle: Uint8Array,
    expectedVersion: string | null,
  ): Promise<string>;
}
