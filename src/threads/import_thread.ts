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

/** The homes that this program writes to: two forks of one thread may come at the same time. */
const QUEUES = new Map<string, SerialQueue>();

/**
 * Writes the thread of a bundle into a home, with all that it was forked from, so that
 * the CLI can go on with it there.
 *
 * **A transcript is instructions** to whoever resumes it: its base instructions and all
 * of its history are sent to the model as they are. Import what you trust as you trust
 * code; where others can write to the place that bundles are kept in, sign them.
 *
 * Everything about the bundle is checked before the first write: sizes, hashes, names,
 * every line, and that it holds this thread and its ancestors alone. Paths are built
 * from dates and ids, never taken from it. Files get the rights 0600 and folders 0700,
 * are written beside their place and moved there, ancestors first; no link is followed
 * out of the home. A line has at most 64 MiB, a file a million lines, a bundle 16 files.
 *
 * A thread that another process writes is refused. On Deno the CLI's own lock on the
 * thread is held meanwhile. Node and Bun cannot lock: on Linux they look whether somebody
 * does, and a CLI that begins a turn in the instant of the write, or runs in another
 * container on the same home, is not seen; on other systems the file of a lock is taken
 * for a lock, also the one that a killed CLI has left.
 *
 * On Deno it needs `--allow-read` and `--allow-write` for the home, and
 * `--allow-env=CODEX_HOME,HOME` where `codexHome` is not given.
 *
 * @example Go on with a thread of another machine
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
 * @param bundle What `exportThread` gave, as a stream or as bytes. A stream is cancelled
 * where it is not read to its end.
 * @throws {CodexInputError} For an option that cannot be used, or what is no bundle at all.
 * @throws {CodexThreadBundleError} If anything is wrong with the bundle.
 * @throws {CodexThreadDivergedError} If neither the history in the home nor that of the
 * bundle begins with the other.
 * @throws {CodexThreadExistsError} If the thread is there, and `onExisting` is `fail`.
 * @throws {CodexThreadBusyError} If another process writes the thread, or one that it was
 * forked from.
 * @throws {CodexPermissionError} If the runtime does not let this program to the home.
 * @throws {CodexEnvironmentError} If the system does not, a link is in the way, or the
 * thread's file in the home is compressed, or there twice.
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
