import {
  CodexEnvironmentError,
  CodexPermissionError,
} from "../../errors/codex_error.ts";
import type { FileKind, Runtime } from "../../runtime/types.ts";
import { CodexExecutableNotFoundError } from "../../errors/turn_errors.ts";
import { quoted } from "../../util/text.ts";

/** A CLI that was found. */
export interface LocatedCodex {
  /** The program to start: a path, or a name for the system to find on PATH. */
  readonly program: string;
  /** Folders that belong to the CLI, to put first on its PATH. */
  readonly pathFolders: readonly string[];
}

/** One search: reads locations, and remembers them for the error that lists them. */
export class Search {
  readonly runtime: Runtime;
  readonly #searched: string[] = [];
  #nearMiss: string | undefined;
  #forbidden: CodexPermissionError | undefined;
  #unreadable: CodexEnvironmentError | undefined;

  /** Starts a search. */
  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  /**
   * The first error for a path that the runtime did not permit; `undefined` if there is
   * none.
   */
  get forbidden(): CodexPermissionError | undefined {
    return this.#forbidden;
  }

  /**
   * The first error for a path that the system did not permit; `undefined` if there is
   * none.
   */
  get unreadable(): CodexEnvironmentError | undefined {
    return this.#unreadable;
  }

  /** Records a location that is searched, or a problem there. */
  note(location: string): void {
    if (!this.#searched.includes(location)) this.#searched.push(location);
  }

  /**
   * Records why something that looked like the CLI is not; the first record is the
   * error's reason.
   */
  noteNearMiss(reason: string): void {
    this.#nearMiss ??= reason;
    this.note(reason);
  }

  /**
   * Reads the kind of file at a path; returns `undefined` if there is no file, or if the
   * runtime or the system does not permit it.
   */
  async look(path: string): Promise<FileKind | undefined> {
    try {
      return await this.runtime.fileKind(path);
    } catch (error) {
      if (error instanceof CodexPermissionError) {
        this.#forbidden ??= error;
      } else if (error instanceof CodexEnvironmentError) {
        this.#unreadable ??= error;
        this.note(error.message);
      } else {
        throw error;
      }
      return undefined;
    }
  }

  /** Throws the error that lists the locations. */
  miss(name: string, origin?: string): never {
    const named = origin === undefined ? "" : `, given as ${origin}`;
    const reason = this.#nearMiss === undefined ? "" : `: ${this.#nearMiss}`;
    const locations = this.#searched.filter((location) =>
      location !== this.#nearMiss
    );
    throw new CodexExecutableNotFoundError(
      `Cannot find the Codex CLI ${
        quoted(name)
      }${named}${reason}. Looked at:\n${
        locations.map((location) => `- ${location}`).join("\n")
      }\nInstall it with "npm install @openai/codex" in the project or "npm install -g @openai/codex", or set codexPathOverride or CODEX_PATH to its path`,
      { searched: this.#searched },
    );
  }
}
