import { readOwnOptions } from "../options/check.ts";
import type { OptionRows, OptionTable } from "../options/row.ts";
import { makeUnknownOptionError } from "../options/unknown_option.ts";

/** Options of `exportThread`. */
export interface ExportThreadOptions {
  /** The CLI's home that has the thread, an absolute path; by default `CODEX_HOME`, or `.codex` in the user's home. */
  readonly codexHome?: string;
  /** Cancels the export, also while the bundle is read: a `CodexCancelledError`. */
  readonly signal?: AbortSignal;
}

/** Options of `importThread`. */
export interface ImportThreadOptions {
  /** The CLI's home that gets the thread, an absolute path; by default `CODEX_HOME`, or `.codex` in the user's home. */
  readonly codexHome?: string;
  /** The thread that the bundle has to hold: any other is refused. */
  readonly expectId?: string;
  /**
   * What becomes of a thread that is in the home already.
   *
   * - `extend`: the longer history stays or is written, and where neither begins with the
   *   other, that is a `CodexThreadDivergedError`.
   * - `replace`: the bundle's history takes its place, also if it is shorter or another one.
   * - `fail`: a `CodexThreadExistsError`, also where the histories are the same.
   *
   * A thread that it was forked from stays where it begins with what the bundle has of it,
   * whatever is said here; where it does not, `replace` replaces it, and the rest refuses it.
   *
   * @default {"extend"}
   */
  readonly onExisting?: "extend" | "replace" | "fail";
  /**
   * Whether the thread keeps the base instructions of its bundle, which the CLI sends to
   * the model as they are whenever it begins a context anew, as after `compact()`. Without
   * them it sends its own. The history itself stays as it is, with all messages in it that
   * the model takes for instructions. A thread whose instructions were dropped is another
   * history for `onExisting` than the one that it comes from.
   *
   * @default {"keep"}
   */
  readonly baseInstructions?: "keep" | "drop";
  /**
   * The most bytes that a bundle may have, packed, and the files in it together.
   *
   * @default {268435456}
   */
  readonly maxBytes?: number;
}

/** The thread that `importThread` has written, or found to be there already. */
export interface ImportedThread {
  /** Its id, for `codex.resumeThread(id)`. */
  readonly id: string;
  /** The version of the CLI that began it, such as `0.169.0`; empty where the history has none. */
  readonly cliVersion: string;
  /** The provider of models that it was begun with: the home's settings have to know it. Empty where the history has none. */
  readonly modelProvider: string;
}

const EXPORT_OPTIONS = {
  codexHome: { kind: "text" },
  signal: { kind: "other" },
} satisfies OptionTable<ExportThreadOptions>;

const IMPORT_OPTIONS = {
  codexHome: { kind: "text" },
  expectId: { kind: "text" },
  onExisting: { kind: "text", oneOf: ["extend", "replace", "fail"] },
  baseInstructions: { kind: "text", oneOf: ["keep", "drop"] },
  maxBytes: { kind: "count", min: 1, max: Number.MAX_SAFE_INTEGER },
} satisfies OptionTable<ImportThreadOptions>;

/** Copies the options of an export; rejects what cannot be meant with a `CodexInputError`. */
export function ownExportOptions(
  given: ExportThreadOptions,
): ExportThreadOptions {
  return ownOptions(given, "exportThread()", EXPORT_OPTIONS);
}

/** Copies the options of an import; rejects what cannot be meant with a `CodexInputError`. */
export function ownImportOptions(
  given: ImportThreadOptions,
): ImportThreadOptions {
  return ownOptions(given, "importThread()", IMPORT_OPTIONS);
}

function ownOptions<O extends object>(
  given: O,
  owner: string,
  table: OptionRows,
): O {
  return readOwnOptions(
    given,
    owner,
    table,
    (name) => makeUnknownOptionError(name, owner, table),
  );
}
