import { checkThreadId } from "../input/thread_id.ts";
import { currentFiles } from "../runtime/current_files.ts";
import { SerialQueue } from "../util/serial_queue.ts";
import { dropInstructions } from "./bundle/drop_instructions.ts";
import { MAX_BYTES, type ThreadBundle } from "./bundle/format.ts";
import { type BundleSource, readBundle } from "./bundle/read_bundle.ts";
import { homePath, openHome } from "./home/thread_home.ts";
import { type OnExisting, writeThread } from "./home/write_thread.ts";
import {
  type ImportedThread,
  type ImportThreadOptions,
  ownImportOptions,
} from "./options.ts";

/** A queue for each home: two forks of one thread may be imported at the same time. */
const QUEUES = new Map<string, SerialQueue>();

/**
 * Imports the thread of a bundle into the CLI's home, with the threads that it was forked
 * from, so that the CLI can continue it there.
 *
 * **Resuming a thread sends its history to the model**, unchanged, with its base
 * instructions. Trust a bundle only as far as you would trust code. If others can write to
 * the place where you keep bundles, sign them.
 *
 * The whole bundle is checked before the first write: sizes, hashes, names, every line, and
 * that it holds only this thread and its ancestors. Paths are built from dates and ids,
 * never taken from the bundle. Files have mode 0600 and folders 0700; each file is written
 * under a temporary name and renamed, ancestors first; links that lead out of the home are
 * not followed. A line has at most 64 MiB, a file a million lines, a bundle 16 files.
 *
 * A thread that another process is writing is rejected. On Deno, the CLI's own lock on the
 * thread is held during the import. Node and Bun cannot lock. On Linux they check for locks,
 * which does not detect a CLI that begins a turn at the moment of the write, or that runs in
 * another container on the same home. On other systems the existence of a lock file counts
 * as a lock, even if a killed CLI has left it.
 *
 * On Deno it needs `--allow-read` and `--allow-write` for the home, and
 * `--allow-env=CODEX_HOME,HOME` unless `codexHome` is given.
 *
 * @example Continue a thread of another machine
 * ```ts
 * import { Codex } from "@acodex/sdk";
 * import { importThread } from "@acodex/sdk/threads";
 *
 * async function goOn(bundle: Uint8Array): Promise<void> {
 *   const { id } = await importThread(bundle);
 *   await new Codex().resumeThread(id).run("Go on");
 * }
 * ```
 *
 * @param bundle The bundle from `exportThread`, as a stream or as bytes. A stream that is
 * not read to its end is cancelled.
 * @throws {CodexInputError} For an invalid option, or if `bundle` is neither bytes nor a stream.
 * @throws {CodexThreadBundleError} If anything is wrong with the bundle.
 * @throws {CodexThreadDivergedError} If neither the history in the home nor that of the
 * bundle begins with the other.
 * @throws {CodexThreadExistsError} If the thread exists, and `onExisting` is `fail`.
 * @throws {CodexThreadBusyError} If another process writes the thread, or one that it was
 * forked from.
 * @throws {CodexPermissionError} If the runtime denies access to the home.
 * @throws {CodexEnvironmentError} If the system denies access, a link is in the way, or the
 * thread's file in the home is compressed, or exists twice.
 */
export async function importThread(
  bundle: ReadableStream<Uint8Array> | Uint8Array,
  options: ImportThreadOptions = {},
): Promise<ImportedThread> {
  const { codexHome, expectId, onExisting, baseInstructions, maxBytes } =
    ownImportOptions(options);
  if (expectId !== undefined) checkThreadId(expectId, "import");
  const files = currentFiles();
  const path = homePath(files, codexHome, "read", "write");
  const given = await readBundle(bundle satisfies BundleSource, {
    expectId,
    maxBytes: maxBytes ?? MAX_BYTES,
  });
  const thread = baseInstructions === "drop"
    ? withoutInstructions(given)
    : given;
  const rule: OnExisting = onExisting || "extend";
  await oneAtATime(path, async () => {
    await files.makeFolder(path);
    await writeThread(await openHome(files, path), thread, rule);
  });
  const [{ cliVersion, modelProvider }] = thread.rollouts;
  return { id: thread.id, cliVersion, modelProvider };
}

function withoutInstructions({ id, rollouts }: ThreadBundle): ThreadBundle {
  const [thread, ...ancestors] = rollouts;
  return {
    id,
    rollouts: [dropInstructions(thread), ...ancestors.map(dropInstructions)],
  };
}

async function oneAtATime(
  home: string,
  task: () => Promise<void>,
): Promise<void> {
  const queue = QUEUES.get(home) ?? new SerialQueue();
  QUEUES.set(home, queue);
  try {
    await queue.run(task);
  } finally {
    if (queue.isIdle) QUEUES.delete(home);
  }
}
