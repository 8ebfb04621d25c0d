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

/** What becomes of a thread that is in the home already. */
export type OnExisting = NonNullable<ImportThreadOptions["onExisting"]>;

/** A rollout that is to be written, and where. */
interface Placement {
  /** The thread, in small letters. */
  readonly id: string;
  /** What is written. */
  readonly bytes: Uint8Array;
  /** The folder, below the home. */
  readonly folder: string;
  /** The name in it. */
  readonly name: string;
  /** The stamp of the file that it takes the place of; `undefined` if there is none. */
  readonly stamp: string | undefined;
}

/**
 * Writes the thread of a bundle into a home, and before it what it was forked from: if
 * this is broken off, nothing in the home refers to what is missing.
 *
 * @throws {CodexThreadExistsError} If it is there, and must not be; nothing was written.
 * @throws {CodexThreadBusyError} If somebody else writes one of the threads.
 * @throws {CodexEnvironmentError} If a link is in the way, or the system refuses.
 */
export async function writeThread(
  home: ThreadHome,
  { rollouts }: ThreadBundle,
  onExisting: OnExisting,
): Promise<void> {
  const placements: Placement[] = [];
  for (const [index, rollout] of rollouts.entries()) {
    const isThread = index === 0;
    // Threads that it was forked from are only made longer, or replaced if asked for.
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

/** Finds where a rollout goes; gives `undefined` where there is nothing to do. */
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

/** Says what the history in the home is, beside that of a bundle. */
function compare(
  existing: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array,
): "same" | "longer" | "shorter" | "diverged" {
  const whole = wholeLines(existing);
  // As exportThread() writes it: lines that nobody can read are replaced.
  for (const history of [whole, mendLines(whole)]) {
    if (startsWith(history, bytes)) {
      return history.length === bytes.length ? "same" : "longer";
    }
    if (startsWith(bytes, history)) return "shorter";
  }
  return "diverged";
}

/** Writes a file beside its place, and moves it there in one step. */
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

/** Checks that no link stands in the way to a folder, as far as it is there. */
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
