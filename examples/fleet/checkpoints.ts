/**
 * Saves checkpoints of a task's thread, its history so far, in a store that all machines can
 * reach, so that another machine can resume it.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import {
  CodexThreadConflictError,
  CodexThreadDivergedError,
  exportThread,
  importThread,
  type ThreadStore,
} from "@acodex/sdk/threads";

/** Moves the thread of one attempt between a store and this machine's `CODEX_HOME`. */
export class Checkpoints {
  readonly #store: ThreadStore;
  /** The version that this attempt wrote last; `null` before the store has the thread. */
  #version: string | null = null;

  constructor(store: ThreadStore) {
    this.#store = store;
  }

  /**
   * Imports the thread into the home if the store has it. Gives it a new version first, so
   * that the previous attempt, which may only be frozen, can no longer save.
   */
  async restore(id: string): Promise<void> {
    const stored = await this.#store.load(id);
    if (stored === null) return;
    const { bundle, version } = stored;
    this.#version = await this.#store.save(id, bundle, version);
    try {
      // A longer history comes from an attempt on this machine that got no further.
      await importThread(bundle, { expectId: id });
    } catch (error) {
      if (!(error instanceof CodexThreadDivergedError)) throw error;
      await importThread(bundle, { expectId: id, onExisting: "replace" });
    }
  }

  /** Saves the thread; throws a `CodexThreadConflictError` if another attempt has it. */
  async save(id: string): Promise<void> {
    try {
      const stream = await exportThread(id);
      const bundle = new Uint8Array(await new Response(stream).arrayBuffer());
      this.#version = await this.#store.save(id, bundle, this.#version);
    } catch (error) {
      if (error instanceof CodexThreadConflictError) throw error;
      // An unreachable store costs a checkpoint, not the turn.
      console.error(`No checkpoint of thread ${id}: ${error}`);
    }
  }
}
