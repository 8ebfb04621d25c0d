/**
 * The checkpoints of one task's thread: its history so far, in a store that all machines
 * reach, so that another one can go on with it.
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
  /** The version that this attempt has written; nothing of its thread is stored before. */
  #version: string | null = null;

  constructor(store: ThreadStore) {
    this.#store = store;
  }

  /**
   * Brings a thread into the home, if it is stored. What is stored gets another version
   * first: from here on the attempt before, which may only be frozen, can save no more.
   */
  async restore(id: string): Promise<void> {
    const stored = await this.#store.load(id);
    if (stored === null) return;
    const { bundle, version } = stored;
    this.#version = await this.#store.save(id, bundle, version);
    try {
      // A longer history is of an attempt on this machine that came no further.
      await importThread(bundle, { expectId: id });
    } catch (error) {
      if (!(error instanceof CodexThreadDivergedError)) throw error;
      await importThread(bundle, { expectId: id, onExisting: "replace" });
    }
  }

  /** Saves the thread as it is now; a `CodexThreadConflictError` if another attempt has it. */
  async save(id: string): Promise<void> {
    try {
      const stream = await exportThread(id);
      const bundle = new Uint8Array(await new Response(stream).arrayBuffer());
      this.#version = await this.#store.save(id, bundle, this.#version);
    } catch (error) {
      if (error instanceof CodexThreadConflictError) throw error;
      // A store that is away costs a checkpoint, and not the turn.
      console.error(`No checkpoint of thread ${id}: ${error}`);
    }
  }
}
