/** A version of the CLI. */
export interface CliVersion {
  /** The version as the CLI tells it, such as `0.170.0-alpha.3`. */
  readonly text: string;
  /** Its three numbers. */
  readonly numbers: readonly [major: number, minor: number, patch: number];
}

/** What `codex --version` prints; what a wrapper prints around it is passed over. */
const PRINTED = /^codex(?:-cli)? v?((\d{1,6})\.(\d{1,6})\.(\d{1,6})\S{0,40})$/m;

/**
 * Reads the version that the CLI prints; gives `null` for what is none. A CLI that was
 * built from its sources prints 0.0.0, which says nothing.
 */
export function parseCliVersion(printed: string): CliVersion | null {
  const match = PRINTED.exec(printed.replaceAll("\r", ""));
  if (match === null) return null;
  const [, text = "", ...parts] = match;
  const [major = 0, minor = 0, patch = 0] = parts.map(Number);
  if (major + minor + patch === 0) return null;
  return { text, numbers: [major, minor, patch] };
}

/** Tells whether a version is older than another one; what comes before a release counts as that. */
export function isOlder({ numbers }: CliVersion, than: string): boolean {
  const others = than.split(".").map(Number);
  for (const [index, number] of numbers.entries()) {
    const other = others[index] ?? 0;
    if (number !== other) return number < other;
  }
  return false;
}
