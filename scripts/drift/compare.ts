/**
 * Compares names: what something new has, what is known here, and what is left out.
 *
 * @module
 */

/** Names that are left out, and why. */
export interface LeftOut {
  readonly why: string;
  /** The names; one that ends with `*` stands for all that begin so. */
  readonly names: readonly string[];
}

/** Names of one kind. */
export interface Names {
  /** Where they come from, such as `codex exec --help`. */
  readonly from: string;
  /** The names that are there. */
  readonly found: readonly string[];
  /** The names that are known here. */
  readonly known: readonly string[];
  /** The names that are left out. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Compares the names of one kind; says in a sentence each what is there and neither known
 * nor left out, and what is known and no longer there.
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
