/**
 * The first releases of the runtimes whose threads meet the needs of the blocking client:
 * they share the environment, and emit an event when a channel closes (facts R35). The key
 * is the name in `process.versions`. The package's `engines` has the release of Node.
 */
const FLOORS: readonly RuntimeFloor[] = [
  { key: "bun", name: "Bun", floor: "1.4" },
  { key: "deno", name: "Deno", floor: "2.8" },
];

/** The first release of a runtime that is new enough. */
interface RuntimeFloor {
  readonly key: string;
  readonly name: string;
  readonly floor: string;
}

/** Returns the release that is needed, if the runtime is older; else `undefined`. */
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
