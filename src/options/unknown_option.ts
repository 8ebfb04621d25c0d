import { CodexInputError } from "../errors/codex_error.ts";
import { nearestText } from "../util/nearest_text.ts";
import { quoted, shorten } from "../util/text.ts";
import type { OptionRows } from "./row.ts";
import { OPTION_TABLES, type OptionOwner, type OptionTables } from "./table.ts";

/** The functions that accept the options of each owner. */
const PLACES: { readonly [K in OptionOwner]: string } = {
  client: "new Codex()",
  thread: "startThread() or resumeThread()",
  turn: "run() or runStreamed()",
};

/**
 * Names that other libraries use for an option, and that resemble none, or resemble a
 * different option more.
 */
const ALIASES: { readonly [name: string]: string } = {
  cwd: "workingDirectory",
  workdir: "workingDirectory",
  projectDir: "workingDirectory",
  executable: "codexPathOverride",
  addDir: "additionalDirectories",
  timeout: "timeoutMs",
};

/** The options that only `CodexAppServer` and its threads and turns have; a test compares them. */
export const SERVER_OPTIONS: ReadonlySet<string> = new Set([
  ...["connect", "token", "keepAliveMs", "threadKeepAliveMs"],
  ...["requestTimeoutMs", "answerTimeoutMs", "deltas"],
  ...["onApproval", "onElicitation", "onNotice"],
]);

/**
 * Creates the error for an option that its owner does not have: if it were silently
 * ignored, the agent could run without its sandbox. Suggests the option that was probably
 * meant, or the function that accepts it.
 */
export function unknownOption(
  name: string,
  owner: OptionOwner,
  tables: OptionTables,
): CodexInputError {
  return unknownOptionError(
    name,
    `a ${owner}`,
    suggestOption(name, owner, tables),
  );
}

/** Creates the error for an unknown option of an owner with few options. */
export function makeUnknownOptionError(
  name: string,
  owner: string,
  table: OptionRows,
): CodexInputError {
  const names = Object.keys(table);
  const meant = nearestText(name, names);
  return unknownOptionError(
    name,
    owner,
    meant === undefined
      ? `the options are ${names.join(", ")}`
      : `did you mean ${meant}?`,
  );
}

function unknownOptionError(
  name: string,
  owner: string,
  hint: string,
): CodexInputError {
  return new CodexInputError(
    `Unknown option ${quoted(shorten(name, 100))} of ${owner}: ${hint}`,
    { path: name },
  );
}

/**
 * Returns the function that accepts an option; `undefined` if there is no such option.
 */
export function placeOfOption(name: string): string | undefined {
  const owner = (Object.keys(OPTION_TABLES) as OptionOwner[])
    .find((owner) => Object.hasOwn(OPTION_TABLES[owner], name));
  return owner && PLACES[owner];
}

function suggestOption(
  name: string,
  owner: OptionOwner,
  tables: OptionTables,
): string {
  const own = tables[owner];
  const others = (Object.keys(tables) as OptionOwner[])
    .filter((other) => other !== owner);
  const elsewhere = others.find((other) => Object.hasOwn(tables[other], name));
  if (elsewhere !== undefined) return `pass it to ${PLACES[elsewhere]}`;
  if (SERVER_OPTIONS.has(name)) {
    return "only CodexAppServer of @acodex/sdk/app-server has it";
  }
  const alias = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  const nearestIn = (table: OptionRows): string | undefined =>
    alias === undefined
      ? nearestText(name, Object.keys(table))
      : Object.keys(table).find((option) => option === alias);
  const meant = nearestIn(own);
  if (meant !== undefined) return `did you mean ${meant}?`;
  for (const other of others) {
    const nearest = nearestIn(tables[other]);
    if (nearest === undefined) continue;
    return `did you mean ${nearest}, which goes to ${PLACES[other]}?`;
  }
  return `the options are ${Object.keys(own).join(", ")}`;
}
