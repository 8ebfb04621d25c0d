import { readOwnOptions } from "../options/check.ts";
import type { OptionRows, OptionTable } from "../options/row.ts";
import { makeUnknownOptionError } from "../options/unknown_option.ts";

/** Options of `exportThread`. */
export interface ExportThreadOptions {
  /** The CLI's home with the thread, an absolute path; by default `CODEX_HOME`, or `.codex` in the user's home. */
  readonly codexHome?: string | undefined;
  /** Cancels the export with a `CodexCancelledError`, also while the bundle is read. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `importThread`. */
export interface ImportThreadOptions {
  /** The CLI's home for the thread, an absolute path; by default `CODEX_HOME`, or `.codex` in the user's home. */
  readonly codexHome?: string | undefined;
  /** The id of the thread that the bundle must hold; a bundle with any other is rejected. */
  readonly expectId?: string | undefined;
  /**
   * The rule for a thread that is already in the home.
   *
   * - `extend`: keeps or writes the longer history; throws a `CodexThreadDivergedError` if
   *   neither begins with the other.
   * - `replace`: writes the bundle's history, even if it is shorter or has diverged.
   * - `fail`: throws a `CodexThreadExistsError`, even if the histories are the same.
   *
   * An existing thread that the bundle's thread was forked from is kept if it begins with
   * the bundle's history of it, under every rule. It is extended if it is shorter. If it has
   * diverged, `replace` replaces it, and the other rules throw a `CodexThreadDivergedError`.
   *
   * @default {"extend"}
   */
  readonly onExisting?: "extend" | "replace" | "fail" | undefined;
  /**
   * `keep` keeps the base instructions of the bundle, which the CLI sends to the model
   * unchanged whenever it begins a new context, as after `compact()`. With `drop`, it sends
   * its own. The rest of the history is unchanged, including messages that the model takes
   * for instructions. For `onExisting`, a thread without its instructions has diverged from
   * the original.
   *
   * @default {"keep"}
   */
  readonly baseInstructions?: "keep" | "drop" | undefined;
  /**
   * The limit of the bundle's packed size, and of its unpacked size, in bytes.
   *
   * @default {268435456}
   */
  readonly maxBytes?: number | undefined;
}

/** The thread that `importThread` has written, or that was there already. */
export interface ImportedThread {
  /** Its id, for `codex.resumeThread(id)`. */
  readonly id: string;
  /** The version of the CLI that created it, such as `0.169.0`; empty if the history does not say. */
  readonly cliVersion: string;
  /**
   * The model provider that it was created with, which the home's settings must define;
   * empty if the history does not say.
   */
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

/** Copies the options of an export; throws a `CodexInputError` for an invalid one. */
export function ownExportOptions(
  given: ExportThreadOptions,
): ExportThreadOptions {
  return ownOptions(given, "exportThread()", EXPORT_OPTIONS);
}

/** Copies the options of an import; throws a `CodexInputError` for an invalid one. */
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
