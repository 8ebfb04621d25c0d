/**
 * The package.json of the npm package, independent of the way that its files are built.
 *
 * @module
 */

import type { ProjectFile } from "../project.ts";

/** The folder of the modules in the package. */
export const CODE_FOLDER = "esm";

/** The source of the program that the package brings, and its name. */
export const PROGRAM = { name: "acodex", source: "src/doctor/acodex.ts" };

/** The documents in the npm package. */
export const DOCUMENTS: readonly string[] = [
  "README.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "LICENSE",
  "llms.txt",
];

/** The folders of documents in the npm package: the pages, and the skill for coding agents. */
export const DOCUMENT_FOLDERS: readonly string[] = ["docs", "skills"];

/**
 * The CLI, if it is installed from npm, from the oldest version that is known to work; and a
 * WebSocket for servers elsewhere, which Node 20 lacks.
 */
const OPTIONAL_PEERS = { "@openai/codex": ">=0.163.0", "ws": ">=8.0.0" };

/**
 * The releases in which `import` and `require()` of a module both work: older
 * ones of these lines cannot `require()` it.
 */
const ENGINES = { node: "^20.19.0 || >=22.12.0" };

/** The oldest releases of these lines. */
export const OLDEST_NODES: readonly [string, string] = ["20.19.0", "22.12.0"];

const KEYWORDS = [
  ...["codex", "codex-sdk", "openai", "agent", "coding-agent", "ai", "ai-sdk"],
  ...["llm", "typescript", "deno", "jsr", "bun", "node", "cli"],
];

/** The part of deno.json that is used. */
export type PackageSource = Omit<ProjectFile, "compilerOptions">;

/** The package.json. */
export type PackageJson = ReturnType<typeof makePackageJson>;

/**
 * Builds the package.json.
 *
 * `default` alone, without `import` and `require`, serves both: there is one copy
 * of the code, so that an error is an `instanceof` its class however it was loaded.
 *
 * @param packages The packages that the code loads; deno.json has their ranges.
 * @param repository The repository's address, which npm compares with the repository that
 * publishes; also used for homepage and bugs.
 */
export function makePackageJson(
  project: PackageSource,
  packages: readonly string[],
  repository?: string,
) {
  const { name, version, description, license } = project;
  const exports = Object.fromEntries(
    Object.entries(project.exports).map((
      [entry, path],
    ) => [entry, makeConditions(path)]),
  );
  return {
    name,
    version,
    description,
    keywords: [...KEYWORDS],
    license,
    ...repository === undefined ? {} : {
      repository: { type: "git", url: `git+${repository}.git` },
      homepage: `${repository}#readme`,
      bugs: { url: `${repository}/issues` },
    },
    type: "module",
    sideEffects: false,
    types: exports["."]?.types ?? "",
    exports,
    bin: { [PROGRAM.name]: makeConditions(`./${PROGRAM.source}`).default },
    files: [CODE_FOLDER, ...DOCUMENT_FOLDERS, ...DOCUMENTS],
    engines: { ...ENGINES },
    dependencies: Object.fromEntries(
      packages.map((each) => [each, npmRange(each, project.imports[each])]),
    ),
    peerDependencies: { ...OPTIONAL_PEERS },
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(OPTIONAL_PEERS).map((peer) => [peer, { optional: true }]),
    ),
  };
}

/** Returns the paths of an entry's module and its types: `./mod.ts` becomes `./esm/mod.js`. */
function makeConditions(path: string) {
  const module = path.replace(/^\.\//, `./${CODE_FOLDER}/`);
  return {
    types: module.replace(/\.ts$/, ".d.ts"),
    default: module.replace(/\.ts$/, ".js"),
  };
}

/** Returns the range in an `npm:` specifier of deno.json. */
function npmRange(name: string, specifier: string | undefined): string {
  const prefix = `npm:${name}@`;
  if (!specifier?.startsWith(prefix)) {
    throw new Error(
      `Cannot read the range of "${name}" in deno.json: "${specifier}"`,
    );
  }
  return specifier.slice(prefix.length);
}
