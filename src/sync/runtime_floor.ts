/**
 * The first releases of the runtimes whose threads do what the blocking client needs, by
 * their names in `process.versions`: they share the environment, and hear of a channel's
 * end (facts R35). For Node the package's `engines` says it.
 */
const FLOORS: readonly RuntimeFloor[] = [
  { key: "bun", name: "Bun", floor: "1.4" },
  { key: "deno", name: "Deno", floor: "2.8" },
];

/** The first release of a runtime that will do. */
interface RuntimeFloor {
  readonly key: string;
  readonly name: string;
  readonly floor: string;
}

/** Says which release is needed, where the runtime is older; nothing for one that will do. */
export function runtimeProblem(
  versions: { readonly [key: string]: string | undefined },
): string | undefined {
  for (const { key, name, floor } of FLOORS) {
    const version = versions[key];
    if (version === undefined || !isOlder(version, floor)) continue;
    return `it needs ${name} ${floor} or later, and this is ${name} ${version}`;
  }
  return undefined;
}

/** Compares versions by their first two numbers; one without them is not older. */
function isOlder(version: string, floor: string): boolean {
  const [major = NaN, minor = NaN] = version.split(".").map(Number);
  const [floorMajor = NaN, floorMinor = NaN] = floor.split(".").map(Number);
  return major < floorMajor || major === floorMajor && minor < floorMinor;
}
