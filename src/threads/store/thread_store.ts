/** A stored bundle. */
export interface StoredThread {
  /** The bundle, as `exportThread` returns it. */
  readonly bundle: Uint8Array;
  /** The version of the stored bundle, which each save changes. Opaque; at most 200 characters. */
  readonly version: string;
}

/**
 * Keeps the bundles of threads where several machines can reach them. Each save names the
 * version that it replaces, so a worker that was frozen while another one continued its
 * thread overwrites nothing when it wakes.
 *
 * `threadStoreTests` of `@acodex/sdk/testing` tests an implementation.
 */
export interface ThreadStore {
  /** Reads the latest bundle of a thread; resolves to `null` if there is none. Ids are case-insensitive. */
  load(id: string): Promise<StoredThread | null>;
  /**
   * Stores a bundle in place of a version, atomically: of several saves that replace the same
   * version, one succeeds.
   *
   * @param expectedVersion The version to replace, from `load` or the previous `save`; `null`
   * for a thread that is not stored yet.
   * @returns The new version.
   * @throws {CodexThreadConflictError} If another version is stored; nothing is changed.
   */
  save(
    id: string,
    bundle: Uint8Array,
    expectedVersion: string | null,
  ): Promise<string>;
}
