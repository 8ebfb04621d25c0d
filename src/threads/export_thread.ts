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
 * Exports a thread from the CLI's home, with the threads that it was forked from, as one
 * bundle that `importThread` writes into another home.
 *
 * **A bundle contains everything that the agent's commands printed**, including any secrets,
 * and prompts, answers, images, instructions and absolute paths. Protect it as you would a
 * log of all of these. It does not contain the login, the settings or the databases of the
 * home.
 *
 * It is safe to export while a turn runs: the bundle has everything that the CLI had written
 * by then, up to the last whole line. A line that was cut off because the CLI was killed is
 * replaced by an empty one, which the CLI skips as well.
 *
 * When this resolves, the thread is in memory and no file is open. On Deno it needs
 * `--allow-read` for the home, and `--allow-env=CODEX_HOME,HOME` unless `codexHome` is given.
 *
 * @example Save a thread to a file
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
 * @throws {CodexInputError} If the id is not a UUID, or for an invalid option.
 * @throws {CodexThreadNotFoundError} If the home does not have the thread.
 * @throws {CodexThreadBundleError} If the thread cannot be exported: a thread that it was
 * forked from is missing, its file is damaged, or it is longer than 256 MiB.
 * @throws {CodexCancelledError} If the signal is aborted, also while the bundle is read.
 * @throws {CodexPermissionError} If the runtime denies access to the home.
 * @throws {CodexEnvironmentError} If the system denies access, the home does not exist, or the
 * thread's file is compressed, a link, or exists twice.
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
