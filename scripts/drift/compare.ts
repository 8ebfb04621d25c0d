/**
 * Compares names: those that were found, those that are known here, and those that are left
 * out.
 *
 * @module
 */

/** Names that are left out, and the reason. */
export interface LeftOut {
  readonly why: string;
  /** The names; one that ends with `*` matches all names with that prefix. */
  readonly names: readonly string[];
}

/** Names of one kind. */
export interface Names {
  /** Their source, such as `codex exec --help`. */
  readonly from: string;
  /** The names in the source. */
  readonly found: readonly string[];
  /** The names that are known here. */
  readonly known: readonly string[];
  /** The names that are left out. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Compares the names of one kind. Returns a sentence for each name that was found but is
 * neither known nor left out, and for each name that is known but was not found.
 */
export function compareNames({ from, found, known, leftOut }: Names): string[] {
  const isThere = new Set(found);
  const isKnown = new Set(known);
  const patterns = leftOut.flatMap(({ names }) => names);
  const added = [...isThere].filter((name) =>
    !isKnown.has(name) && !patterns.some((each) => matches(name, each))
  );
  const gone = [...isKnown].filter((name) => !isThere.has(name));
  return [
    ...added.map((name) => `${from} has ${name}, which is not known here`),
    ...gone.map((name) => `${from} no longer has ${name}, which is used`),
  ];
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith("*")
    ? name.startsWith(pattern.slice(0, -1))
    : name === pattern;
}
