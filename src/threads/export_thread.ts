import { CodexCancelledError } from "../errors/turn_errors.ts";
import { checkThreadId } from "../input/thread_id.ts";
import { checkAbortSignal } from "../options/check.ts";
import { currentFiles } from "../runtime/current_files.ts";
import { readableFrom } from "../util/readable_from.ts";
import { writeBundle } from "./bundle/write_bundle.ts";
import { readThread } from "./home/read_thread.ts";
import { homePath, openHome } from "./home/thread_home.ts";
import { type ExportThreadOptions, ownExportOptions } from "./options.ts";

/**
 * Reads a thread out of a home, with all that it was forked from, as one bundle that
 * `importThread` writes into another home.
 *
 * **A transcript holds what the agent's commands printed**, and with it any secret that
 * they did, beside prompts, answers, images, instructions and absolute paths. Keep a
 * bundle as you keep a log of everything. The login, the settings and the databases of
 * the home are not in it.
 *
 * It is safe while a turn runs: the bundle has what the CLI had written when it was read,
 * as far as the last whole line. A line that was cut off, as a killed CLI leaves it, is
 * replaced by one that says nothing: the CLI skips it as well.
 *
 * The thread is in memory when this resolves: no file stays open. On Deno it needs `--allow-read` for the home, and `--allow-env=CODEX_HOME,HOME`
 * where `codexHome` is not given.
 *
 * @example Keep a thread as a file
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { exportThread } from "@acodex/sdk/threads";
 *
 * async function keep(id: string): Promise<void> {
 *   await writeFile(`${id}.bundle`, await exportThread(id), { mode: 0o600 });
 * }
 * ```
 *
 * @param id The thread's id.
 * @returns The bundle: gzip, at most 256 MiB unpacked.
 * @throws {CodexInputError} If the id is not a UUID, or for an option that cannot be used.
 * @throws {CodexThreadNotFoundError} If the home does not have the thread.
 * @throws {CodexThreadBundleError} If it cannot be moved: what it was forked from is
 * missing, its file is damaged, or it is longer than 256 MiB.
 * @throws {CodexCancelledError} If the signal is aborted, also while the bundle is read.
 * @throws {CodexPermissionError} If the runtime does not let this program to the home.
 * @throws {CodexEnvironmentError} If the system does not, there is no home, or the thread's
 * file is compressed, a link, or there twice.
 */
export async function exportThread(
  id: string,
  options: ExportThreadOptions = {},
): Promise<ReadableStream<Uint8Array>> {
  checkThreadId(id, "export");
  const { codexHome, signal } = ownExportOptions(options);
  if (signal !== undefined) checkAbortSignal(signal);
  const check = (): void => {
    if (!signal?.aborted) return;
    throw new CodexCancelledError("Export cancelled", { cause: signal.reason });
  };
  check();
  const files = currentFiles();
  const home = await openHome(files, homePath(files, codexHome, "read"));
  const thread = await readThread(home, id.toLowerCase(), check);
  check();
  return readableFrom(writeBundle(thread, check));
}
