import { CodexThreadBusyError } from "../../errors/turn_errors.ts";
import type { FileLock, Files } from "../../runtime/files.ts";
import { sleep } from "../../util/sleep.ts";
import { quoted } from "../../util/text.ts";
import type { ThreadHome } from "./thread_home.ts";

/** The folder of a home's locks, with a file for each thread that the CLI writes (facts F68). */
const FOLDER = "thread-writer-locks";

/** The lock that is held while one of the others is acquired or removed. */
const COORDINATION = ".coordination.lock";

/** The number of attempts to acquire it, and the ms between them; it is only held briefly. */
const ATTEMPTS = 250;
const ATTEMPT_MS = 20;

/** The locks of threads that are about to be written. */
export interface WriterLocks {
  /**
   * Checks that no other process writes a thread.
   *
   * @throws {CodexThreadBusyError} If one does.
   */
  check(id: string): Promise<void>;
  /** Releases the locks. */
  release(): Promise<void>;
}

/**
 * Acquires the locks with which the CLI keeps each thread to one writer. On Deno they are
 * held. Node and Bun cannot acquire such a lock, so there they are only checked.
 *
 * @throws {CodexThreadBusyError} If another process has one.
 */
export async function takeWriterLocks(
  home: ThreadHome,
  ids: readonly string[],
): Promise<WriterLocks> {
  const { files } = home;
  const folder = `${home.path}/${FOLDER}`;
  if (files.tryLock === undefined) {
    for (const id of ids) await checkFree(files, folder, id);
    return {
      check: (id) => checkFree(files, folder, id),
      release: () => Promise.resolve(),
    };
  }
  await files.makeFolder(folder);
  const held = new Map<string, FileLock>();
  const release = async (): Promise<void> => {
    // A file that remains does no harm, as nobody has it locked.
    await coordinated(files, folder, async () => {
      for (const id of held.keys()) await files.remove(lockPath(folder, id));
    }).catch(() => {});
    for (const lock of held.values()) lock.release();
  };
  try {
    // The CLI removes the file of a lock that it releases; coordination keeps it from doing
    // so between opening and locking the file.
    await coordinated(files, folder, async () => {
      for (const id of ids) {
        const lock = await files.tryLock?.(lockPath(folder, id));
        if (lock === undefined) throw busy(id);
        held.set(id, lock);
      }
    });
  } catch (error) {
    await release();
    throw error;
  }
  return { check: () => Promise.resolve(), release };
}

/** Runs a task that acquires or removes locks, one process at a time. */
async function coordinated(
  files: Files,
  folder: string,
  task: () => Promise<void>,
): Promise<void> {
  const path = `${folder}/${COORDINATION}`;
  for (let attempt = 1;; attempt++) {
    const lock = await files.tryLock?.(path);
    if (lock !== undefined) {
      try {
        return await task();
      } finally {
        lock.release();
      }
    }
    if (attempt === ATTEMPTS) {
      throw new CodexThreadBusyError(
        `Cannot lock threads: another process has held ${quoted(path)} for ${
          ATTEMPTS * ATTEMPT_MS / 1000
        } s; try again when that has ended`,
        { requestedThreadId: "" },
      );
    }
    await sleep(ATTEMPT_MS);
  }
}

async function checkFree(
  files: Files,
  folder: string,
  id: string,
): Promise<void> {
  const facts = await files.look(lockPath(folder, id));
  if (facts === undefined) return;
  const locked = await files.lockedInodes();
  if (locked !== undefined && !locked.has(facts.inode)) return;
  throw busy(
    id,
    locked === undefined
      ? `; if none does, remove ${quoted(lockPath(folder, id))}`
      : "",
  );
}

function lockPath(folder: string, id: string): string {
  return `${folder}/${id}.lock`;
}

function busy(id: string, hint = ""): CodexThreadBusyError {
  return new CodexThreadBusyError(
    `Cannot import thread ${id}: another process is running a turn of it, or has it loaded; try again when that has ended${hint}`,
    { requestedThreadId: id },
  );
}
