import { CodexEnvironmentError } from "../../errors/codex_error.ts";
import type { EntryKind } from "../../runtime/files.ts";
import { quoted } from "../../util/text.ts";
import type { ThreadHome } from "./thread_home.ts";

/** The folders with the CLI's rollouts; the second is for archived ones. */
const FOLDERS = ["sessions", "archived_sessions"];

/** The depth of the folders in them: year, month and day. */
const MAX_DEPTH = 3;

/** A rollout in a home. */
export interface FoundRollout {
  /** Its path. */
  readonly path: string;
  /** The folder that it is in. */
  readonly folder: string;
  /** Its name. */
  readonly name: string;
}

/** An entry with the name of a thread's rollout, of any kind. */
interface Candidate extends FoundRollout {
  readonly kind: EntryKind;
}

/**
 * Finds the rollout of a thread; returns `undefined` if the home has none.
 *
 * @param id The thread's id, in lower case.
 * @throws {CodexEnvironmentError} If it is compressed, a link, or exists twice.
 */
export async function findRollout(
  home: ThreadHome,
  id: string,
): Promise<FoundRollout | undefined> {
  for (const folder of FOLDERS) {
    const found: Candidate[] = [];
    await search(home, `${home.path}/${folder}`, id, MAX_DEPTH, found);
    const [first, second] = found;
    if (first === undefined) continue;
    const reject = (why: string): never => {
      throw new CodexEnvironmentError(
        `Cannot read thread ${id}: ${quoted(first.path)} ${why}`,
        { path: first.path, systemCode: "" },
      );
    };
    if (second !== undefined) {
      reject(`exists as well as ${quoted(second.path)}; remove one of them`);
    }
    if (first.kind !== "file") reject("is not a regular file");
    if (!first.name.endsWith(".jsonl")) {
      reject("is compressed, which is not supported; resume the thread first");
    }
    return first;
  }
  return undefined;
}

async function search(
  home: ThreadHome,
  folder: string,
  id: string,
  depth: number,
  found: Candidate[],
): Promise<void> {
  for (const { name, kind } of await home.files.list(folder)) {
    const path = `${folder}/${name}`;
    if (isRolloutName(name, id)) found.push({ path, folder, name, kind });
    else if (kind === "folder" && depth > 0) {
      await search(home, path, id, depth - 1, found);
    }
  }
}

function isRolloutName(name: string, id: string): boolean {
  return name.startsWith("rollout-") &&
    (name.endsWith(`-${id}.jsonl`) || name.endsWith(`-${id}.jsonl.zst`));
}
