/**
 * The exports of the package, from its sources: the list for every check of the npm package,
 * independent of the way it was built.
 *
 * @module
 */

import { readProjectFile, ROOT_URL } from "../project.ts";
import { succeed } from "../run.ts";

/** One exported name. */
export interface Export {
  name: string;
  /** `true` if it exists at runtime. */
  isValue: boolean;
  /** `true` if it can be used as a type. */
  isType: boolean;
  /** The number of its type parameters. */
  typeParameters: number;
}

/** One entry of the package. */
export interface Entry {
  /** The specifier to import: `@acodex/sdk/streams`. */
  specifier: string;
  exports: Export[];
}

/** The part of `deno doc --json`, format 2, that is used. */
export interface Documentation {
  nodes: Record<string, { symbols?: DocumentedSymbol[] }>;
}

/** One symbol of a module. */
export interface DocumentedSymbol {
  name: string;
  declarations: {
    kind: string;
    declarationKind: string;
    def?: { typeParams?: unknown[] };
  }[];
}

const VALUE_KINDS = new Set(["class", "function", "variable", "enum"]);
const TYPE_KINDS = new Set(["class", "interface", "typeAlias", "enum"]);

/** Reads the exports of all entries. */
export async function readSurface(): Promise<Entry[]> {
  const { name, exports } = await readProjectFile();
  const args = ["doc", "--json", ...Object.values(exports)];
  const printed = await succeed(Deno.execPath(), args);
  return listSurface(JSON.parse(printed), name, exports);
}

/** Lists the exports of each entry. */
export function listSurface(
  { nodes }: Documentation,
  name: string,
  entries: Record<string, string>,
): Entry[] {
  const declared = Object.values(nodes).flatMap(({ symbols }) => symbols ?? []);
  return Object.entries(entries).map(([entry, path]) => {
    const symbols = nodes[new URL(path, ROOT_URL).href]?.symbols;
    if (symbols === undefined) {
      throw new Error(`Cannot find "${path}" in the documentation`);
    }
    return {
      specifier: name + entry.slice(1),
      exports: symbols.map((symbol) => makeExport(symbol, declared)),
    };
  });
}

function makeExport(symbol: DocumentedSymbol, all: DocumentedSymbol[]): Export {
  const { name } = symbol;
  const isReference = (each: DocumentedSymbol): boolean =>
    each.declarations.every(({ kind }) => kind === "reference");
  // A second entry with the same name only has a reference to the first.
  const source = isReference(symbol)
    ? all.find((each) => each.name === name && !isReference(each))
    : symbol;
  if (source === undefined) {
    throw new Error(`Cannot find what "${name}" refers to`);
  }
  const counts = source.declarations.map(({ def }) =>
    def?.typeParams?.length ?? 0
  );
  const isType = source.declarations.some(({ kind }) => TYPE_KINDS.has(kind));
  return {
    name,
    isValue: source.declarations.some(({ kind }) => VALUE_KINDS.has(kind)),
    isType,
    typeParameters: isType ? Math.max(...counts) : 0,
  };
}

/** Lists the names that an entry has at runtime, sorted. */
export function valueNames({ exports }: Entry): string[] {
  return exports.filter(({ isValue }) => isValue).map(({ name }) => name)
    .sort();
}

/** Compares the names that a program printed with the exports of the sources. */
export function compareExports(entries: Entry[], printed: string): void {
  const found: string[][] = JSON.parse(printed);
  for (const [index, entry] of entries.entries()) {
    const wanted = valueNames(entry);
    // Bun adds this name to what require() returns.
    const names = (found[index] ?? []).filter((name) => name !== "__esModule");
    if (String(names) === String(wanted)) continue;
    throw new Error(
      `"${entry.specifier}" has ${names.join(", ")} instead of ${
        wanted.join(", ")
      }`,
    );
  }
}
