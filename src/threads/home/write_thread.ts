import { CodexEnvironmentError } from "../../errors/codex_error.ts";
import {
  CodexThreadDivergedError,
  CodexThreadExistsError,
} from "../../errors/thread_errors.ts";
import { CodexThreadBusyError } from "../../errors/turn_errors.ts";
import { quoted } from "../../util/text.ts";
import type { ThreadBundle } from "../bundle/format.ts";
import { startsWith, wholeLines } from "../bundle/lines.ts";
import { mendLines } from "../bundle/mend_lines.ts";
import type { Rollout } from "../bundle/rollout.ts";
import { parseRolloutName } from "../bundle/rollout_name.ts";
import type { ImportThreadOptions } from "../options.ts";
import { findRollout } from "./find_rollout.ts";
import type { ThreadHome } from "./thread_home.ts";
import { takeWriterLocks } from "./writer_lock.ts";

/** The rule for a thread that is already in the home. */
export type OnExisting = NonNullable<ImportThreadOptions["onExisting"]>;

/** A rollout to write, with its target. */
interface Placement {
  /** The thread's id, in lower case. */
  readonly id: string;
  /** The content. */
  readonly bytes: Uint8Array;
  /** The target's folder, relative to the home. */
  readonly folder: string;
  /** The target's name. */
  readonly name: string;
  /** The stamp of the file that it replaces; `undefined` if there is none. */
  readonly stamp: string | undefined;
}

/**
 * Writes the thread of a bundle into a home, after the threads that it was forked from: if
 * this is interrupted, no thread in the home refers to a missing one.
 *
 * @throws {CodexThreadExistsError} If the thread exists and must not; nothing is written.
 * @throws {CodexThreadBusyError} If another process writes one of the threads.
 * @throws {CodexEnvironmentError} If a link is in the way, or the system denies access.
 */
export async function writeThread(
  home: ThreadHome,
  { rollouts }: ThreadBundle,
  onExisting: OnExisting,
): Promise<void> {
  const placements: Placement[] = [];
  for (const [index, rollout] of rollouts.entries()) {
    const isThread = index === 0;
    // Ancestors are only extended, or replaced if requested.
    const rule = onExisting === "fail" && !isThread ? "extend" : onExisting;
    const placement = await planRollout(home, rollout, rule, isThread);
    if (placement !== undefined) placements.unshift(placement);
  }
  if (placements.length === 0) return;
  for (const { folder } of placements) await checkFolders(home, folder);
  const locks = await takeWriterLocks(home, placements.map(({ id }) => id));
  try {
    for (const placement of placements) {
      await place(home, placement, () => locks.check(placement.id));
    }
  } finally {
    await locks.release();
  }
}

/** Plans the write of a rollout; returns `undefined` if the existing file is kept. */
async function planRollout(
  home: ThreadHome,
  { name, bytes }: Rollout,
  rule: OnExisting,
  isThread: boolean,
): Promise<Placement | undefined> {
  const { id, folders } = nameParts(name);
  const found = await findRollout(home, id);
  if (found === undefined) {
    const folder = ["sessions", ...folders].join("/");
    return { id, bytes, folder, name, stamp: undefined };
  }
  const exists = `Thread ${id} is already in ${quoted(home.path)}`;
  if (rule === "fail") {
    throw new CodexThreadExistsError(exists, { threadId: id });
  }
  const stamp = (await home.files.look(found.path))?.stamp ?? "";
  const existing = await home.files.read(found.path) ?? new Uint8Array(0);
  const order = compare(existing, bytes);
  const isKept = order === "same" ||
    order === "longer" && (rule === "extend" || !isThread);
  if (isKept) return undefined;
  if (order === "diverged" && rule !== "replace") {
    throw new CodexThreadDivergedError(
      `${exists}, and has diverged there: neither history begins with the other; set onExisting to "replace" to overwrite that one`,
      { threadId: id },
    );
  }
  const folder = found.path.slice(
    home.path.length + 1,
    -(found.name.length + 1),
  );
  return { id, bytes, folder, name: found.name, stamp };
}

/** Compares the history in the home to that of a bundle. */
function compare(
  existing: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array,
): "same" | "longer" | "shorter" | "diverged" {
  const whole = wholeLines(existing);
  // Compared as well with unreadable lines replaced, as exportThread() writes them.
  for (const history of [whole, mendLines(whole)]) {
    if (startsWith(history, bytes)) {
      return history.length === bytes.length ? "same" : "longer";
    }
    if (startsWith(bytes, history)) return "shorter";
  }
  return "diverged";
}

/** Writes a temporary file next to the target, and renames it atomically. */
async function place(
  { files, path }: ThreadHome,
  { id, bytes, folder, name, stamp }: Placement,
  checkLock: () => Promise<void>,
): Promise<void> {
  let at = path;
  for (const part of folder.split("/")) {
    at += `/${part}`;
    await files.makeFolder(at);
  }
  const real = await files.realPath(at);
  if (real?.replaceAll("\\", "/") !== at.replaceAll("\\", "/")) {
    throw linkInTheWay(at);
  }
  const temporary = `${at}/.acodex-${crypto.randomUUID()}.tmp`;
  try {
    await files.writeNew(temporary, bytes);
    await checkLock();
    const target = `${at}/${name}`;
    if ((await files.look(target))?.stamp !== stamp) throw changed(id);
    await files.rename(temporary, target);
  } catch (error) {
    await files.remove(temporary).catch(() => {});
    throw error;
  }
}

/** Checks that the existing folders on the way to a folder are not links. */
async function checkFolders(
  { files, path }: ThreadHome,
  folder: string,
): Promise<void> {
  let at = path;
  for (const part of folder.split("/")) {
    at += `/${part}`;
    const facts = await files.look(at);
    if (facts === undefined) return;
    if (facts.kind !== "folder") throw linkInTheWay(at);
  }
}

function nameParts(name: string) {
  const parts = parseRolloutName(name);
  if (parts === undefined) throw new TypeError("The name was checked before");
  return parts;
}

function linkInTheWay(path: string): CodexEnvironmentError {
  return new CodexEnvironmentError(
    `Cannot import the thread: ${
      quoted(path)
    } is a link, or not a folder; set codexHome to the home that really has the threads`,
    { path, systemCode: "ENOTDIR" },
  );
}

function changed(id: string): CodexThreadBusyError {
  return new CodexThreadBusyError(
    `Cannot import thread ${id}: its file was changed in the meantime; try again`,
    { requestedThreadId: id },
  );
}
