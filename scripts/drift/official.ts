/**
 * The exports and types of the official SDK, by its declarations.
 *
 * @module
 */

import { compile } from "../npm/compile.ts";
import { BESIDE, makeUser, OFFICIAL_NAME } from "../npm/official_sdk.ts";
import { readSurface } from "../npm/surface.ts";
import { compareNames, type LeftOut } from "./compare.ts";
import { rejectedLines } from "./rejected_lines.ts";

const FILE = "types.mts";

/** The exports that are left out. */
const LEFT_OUT: readonly LeftOut[] = [];

/** The exports that are classes, whose members are not compared. */
const CLASSES = ["Codex", "Thread"];

/** The incompatibilities between types of the official SDK and those of the same name here. */
export interface TypeDifferences {
  /** The types of values that the official SDK accepts, but this package does not. */
  readonly given: readonly string[];
  /** The types of values that this package returns, but the official SDK cannot. */
  readonly handedOut: readonly string[];
}

/** Compares an official SDK with this package. */
export async function officialDrift(spec: string): Promise<string[]> {
  const names = await officialExports(spec);
  const surface = await readSurface();
  const own = surface.find(({ specifier }) => specifier === "@acodex/sdk");
  const ours = new Set(own?.exports.map(({ name }) => name));
  const known = names.filter((name) => ours.has(name));
  const { given } = await typeDifferences(known, spec);
  return [
    ...compareNames({ from: spec, found: names, known, leftOut: LEFT_OUT }),
    ...given.map((about) => `${spec} has what is not known here: ${about}`),
  ];
}

/** Lists the exports of an official SDK. */
export async function officialExports(spec: string): Promise<string[]> {
  const folder = await makeUser("official", {}, spec);
  const declarations = new URL(
    `node_modules/${OFFICIAL_NAME}/dist/index.d.ts`,
    folder,
  );
  return exportsIn(await Deno.readTextFile(declarations));
}

/** Lists the names in the `export` list of declarations. */
export function exportsIn(declarations: string): string[] {
  const [, list = ""] = /^export \{([^}]*)\}/m.exec(declarations) ?? [];
  return list.split(",").map((each) => each.trim().replace(/^type /, ""))
    .filter((name) => name !== "");
}

/** Compares types of the same name with the compiler. */
export async function typeDifferences(
  names: readonly string[],
  spec: string,
): Promise<TypeDifferences> {
  const types = names.filter((name) => !CLASSES.includes(name));
  const source = [
    `import type * as Theirs from "${BESIDE}";`,
    `import type * as Ours from "${OFFICIAL_NAME}";`,
    "type Names<T> = T extends string ? never : T extends unknown ? keyof T : never;",
    "declare function send<To>(value: To): void;",
    "declare function given<T>(): T;",
    ...types.map((name) =>
      `send<Ours.${name}>(given<Theirs.${name}>()); // ${GIVEN}${name}`
    ),
    ...names.map((name) =>
      `send<Names<Ours.${name}>>(given<Names<Theirs.${name}>>()); // ${GIVEN}names in ${name}`
    ),
    ...types.map((name) =>
      `send<Theirs.${name}>(given<Ours.${name}>()); // ${name}`
    ),
    "",
  ].join("\n");
  const folder = await makeUser("both", { [FILE]: source }, spec);
  const { code, stdout } = await compile(folder, [FILE]);
  const rejected = rejectedLines(source, FILE, stdout);
  if (code !== 0 && rejected.length === 0) throw new Error(stdout);
  return {
    given: rejected.filter((about) => about.startsWith(GIVEN))
      .map((about) => about.slice(GIVEN.length)),
    handedOut: rejected.filter((about) => !about.startsWith(GIVEN)),
  };
}

/** The prefix of comments on lines about values that users pass. */
const GIVEN = "given: ";
