import {
  CodexEnvironmentError,
  CodexPermissionError,
} from "../errors/codex_error.ts";
import { hostReason } from "../errors/host_error.ts";
import type { Runtime } from "../runtime/types.ts";

/** A reason why a path is not a folder to work in. */
export interface FolderProblem {
  /** The description of the reason. */
  readonly reason: string;
  /** The error that caused it. */
  readonly cause?: unknown;
}

/**
 * Finds out why a path is not a folder; returns `undefined` if it is one. If the runtime
 * does not permit the check, it is left to the CLI.
 */
export async function findFolderProblem(
  runtime: Runtime,
  path: string,
): Promise<FolderProblem | undefined> {
  try {
    const kind = await runtime.fileKind(path);
    if (kind === "folder") return undefined;
    const reason = kind === undefined
      ? "the folder does not exist"
      : "it is not a folder";
    return { reason };
  } catch (error) {
    if (error instanceof CodexPermissionError) return undefined;
    if (!(error instanceof CodexEnvironmentError)) throw error;
    return { reason: hostReason(error.cause), cause: error };
  }
}
