/**
 * Checks the content of the package: its files and their sizes.
 *
 * @module
 */

import {
  CODE_FOLDER,
  DOCUMENT_FOLDERS,
  DOCUMENTS,
  type PackageJson,
} from "../package_json.ts";

/** Matches files that must not be in the package: tests, their internal support, and dnt's shims and polyfills. */
const STRAY =
  /(?:^|\/)testing\/(?!executable\/|kit\/|model\/)|(?:^|\/)tests\/|_test\.|(?:^|\/)_dnt\./;

/** The limits of an install, in bytes and packages; a change that needs more raises them here. */
const LIMITS = {
  // Two thirds of it are source maps. The client over a server took 75,000 of it, the
  // kit for tests 87,000, the entry for the AI SDK 35,000, the pages 60,000, the doctor,
  // explain() and the versions of the CLI 45,000, threads that move 50,000.
  tarball: 900_000,
  // They took 66,000, 68,000 and 29,000 of this, the doctor and the versions 41,000, and
  // threads that move 43,000.
  code: 720_000,
  dependencies: 1,
};

/** The sizes of a package. */
export type Sizes = Record<keyof typeof LIMITS, number>;

/** Lists the problems with a package's files: it has to contain what its entries need, and nothing else. */
export function fileProblems(
  files: readonly string[],
  { exports }: Pick<PackageJson, "exports">,
): string[] {
  const wanted = [
    "package.json",
    ...DOCUMENTS,
    ...Object.values(exports).flatMap(({ types, default: module }) =>
      [types, module].map((path) => path.slice(2))
    ),
  ];
  const mayBeThere = (path: string): boolean =>
    wanted.includes(path) ||
    DOCUMENT_FOLDERS.some((folder) => path.startsWith(`${folder}/`)) ||
    path.startsWith(`${CODE_FOLDER}/`) && !STRAY.test(path);
  return [
    ...files.filter((path) => !mayBeThere(path)).map((path) => `stray ${path}`),
    ...wanted.filter((path) => !files.includes(path))
      .map((path) => `missing ${path}`),
  ];
}

/** Lists the sizes that exceed their limits. */
export function exceeded(sizes: Sizes): string[] {
  return (["tarball", "code", "dependencies"] as const)
    .filter((what) => sizes[what] > LIMITS[what])
    .map((what) => `${what}: ${sizes[what]} is over ${LIMITS[what]}`);
}

/** A bundle of a program. */
export interface ProgramBundle {
  /** Its size. */
  bytes: number;
  /** The number of its bytes from each file. */
  files: Record<string, number>;
}

/** A program to bundle, with its limits. */
export interface BundledProgram {
  /** Its description. */
  what: string;
  /** The names that it imports. */
  names: string[];
  /** The entry that it imports them from, without the package's name. */
  entry: string;
  /** The limit of its size, in bytes, minified. */
  limit: number;
  /** Matches files that must not contribute to it. */
  without: RegExp;
}

/** Lists the limits that a bundle exceeds. */
export function tooMuch(
  { what, limit, without }: Omit<BundledProgram, "names" | "entry">,
  { bytes, files }: ProgramBundle,
): string[] {
  return [
    ...Object.entries(files)
      // Some of esbuild's own names may remain of a module that is left out.
      .filter(([path, bytes]) => bytes > 100 && without.test(`/${path}`))
      .map(([path, bytes]) => `${what}: has ${bytes} bytes of ${path}`),
    ...bytes > limit ? [`${what}: ${bytes} is over ${limit}`] : [],
  ];
}
