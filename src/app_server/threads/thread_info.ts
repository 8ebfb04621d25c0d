import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { text, textOrNull } from "../connection/fields.ts";

/** A thread that the CLI keeps. */
export interface ThreadInfo {
  /** Its id, a UUID. */
  readonly id: string;
  /** Its name; `null` where it was given none. */
  readonly name: string | null;
  /** The beginning of its first prompt; empty where there is none. */
  readonly preview: string;
  /** The folder that it works in. */
  readonly cwd: string;
  /** When it was begun. */
  readonly createdAt: Date;
  /** When it was used last. */
  readonly updatedAt: Date;
  /** True for one that was put away. */
  readonly archived: boolean;
  /** What it was begun by: `exec`, `appServer`, `cli`, `vscode`, `subAgent`, or another word. */
  readonly source: string;
  /** The purpose that it was given, as `threadSource`; `null` for none. */
  readonly threadSource: string | null;
  /** The thread that it is a copy of; `null` for none. */
  readonly forkedFromId: string | null;
  /** The thread whose agent has begun it; `null` for none. */
  readonly parentThreadId: string | null;
  /** The model that it used last; `null` where it is not known. */
  readonly model: string | null;
  /** The provider of its model. */
  readonly modelProvider: string;
  /** The version of the CLI that has begun it. */
  readonly cliVersion: string;
  /** The Git repository that it began in; `null` for none. */
  readonly git: ThreadGit | null;
  /** True for one of which nothing is written down. */
  readonly ephemeral: boolean;
}

/** The state of a Git repository when a thread began in it. */
export interface ThreadGit {
  /** The commit; `null` before the first one. */
  readonly commit: string | null;
  /** The branch; `null` for none. */
  readonly branch: string | null;
  /** The URL of the remote `origin`; `null` for none. */
  readonly originUrl: string | null;
}

/** Reads a thread as the server tells it; what is missing is empty. */
export function toThreadInfo(thread: JsonObject): ThreadInfo {
  const { path, gitInfo } = thread;
  return {
    id: text(thread.id),
    name: textOrNull(thread.name),
    preview: text(thread.preview),
    cwd: text(thread.cwd),
    createdAt: toDate(thread.createdAt) ?? new Date(0),
    updatedAt: toDate(thread.updatedAt) ?? new Date(0),
    // The server does not say it otherwise.
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

/** Reads a time, which the server tells in seconds since 1970. */
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
