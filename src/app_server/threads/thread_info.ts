import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { text, textOrNull } from "../connection/fields.ts";

/** A thread that the CLI has saved. */
export interface ThreadInfo {
  /** The thread's id, a UUID. */
  readonly id: string;
  /** The thread's name; `null` if it has none. */
  readonly name: string | null;
  /** The beginning of the first prompt; empty if there is none. */
  readonly preview: string;
  /** The folder that the thread works in. */
  readonly cwd: string;
  /** The time at which the thread was begun. */
  readonly createdAt: Date;
  /** The time at which the thread was last used. */
  readonly updatedAt: Date;
  /** True if the thread is archived. */
  readonly archived: boolean;
  /** The kind of program that began it: `exec`, `appServer`, `cli`, `vscode`, `subAgent` or another. */
  readonly source: string;
  /** The purpose, as given by the option `threadSource`; `null` for none. */
  readonly threadSource: string | null;
  /** The id of the thread that it is a copy of; `null` for none. */
  readonly forkedFromId: string | null;
  /** The id of the thread whose agent began it; `null` for none. */
  readonly parentThreadId: string | null;
  /** The model that it last used; `null` if unknown. */
  readonly model: string | null;
  /** The provider of its model. */
  readonly modelProvider: string;
  /** The version of the CLI that began it. */
  readonly cliVersion: string;
  /** The Git repository that it began in; `null` for none. */
  readonly git: ThreadGit | null;
  /** True for a thread that is not saved to disk. */
  readonly ephemeral: boolean;
}

/** The state of a Git repository when the thread began. */
export interface ThreadGit {
  /** The commit; `null` before the first one. */
  readonly commit: string | null;
  /** The branch; `null` for none. */
  readonly branch: string | null;
  /** The URL of the remote `origin`; `null` for none. */
  readonly originUrl: string | null;
}

/** Reads a thread in the server's form; missing texts are empty. */
export function toThreadInfo(thread: JsonObject): ThreadInfo {
  const { path, gitInfo } = thread;
  return {
    id: text(thread.id),
    name: textOrNull(thread.name),
    preview: text(thread.preview),
    cwd: text(thread.cwd),
    createdAt: toDate(thread.createdAt) ?? new Date(0),
    updatedAt: toDate(thread.updatedAt) ?? new Date(0),
    // The server reports this only by the path.
    archived: /[\\/]archived_sessions[\\/]/.test(text(path)),
    source: readSource(thread.source),
    threadSource: textOrNull(thread.threadSource),
    forkedFromId: textOrNull(thread.forkedFromId),
    parentThreadId: textOrNull(thread.parentThreadId),
    model: textOrNull(thread.model),
    modelProvider: text(thread.modelProvider),
    cliVersion: text(thread.cliVersion),
    git: isObject(gitInfo)
      ? {
        commit: textOrNull(gitInfo.sha),
        branch: textOrNull(gitInfo.branch),
        originUrl: textOrNull(gitInfo.originUrl),
      }
      : null,
    ephemeral: thread.ephemeral === true,
  };
}

/** Reads a time, which the server gives in seconds since 1970. */
export function toDate(seconds: JsonValue | undefined): Date | null {
  return typeof seconds === "number" ? new Date(seconds * 1000) : null;
}

function readSource(source: JsonValue | undefined): string {
  if (typeof source === "string") return source;
  if (!isObject(source)) return "unknown";
  const { custom } = source;
  return typeof custom === "string"
    ? custom
    : Object.keys(source)[0] ?? "unknown";
}
