/** The oldest CLI whose server was measured to work with this package. */
export const MIN_SERVER_VERSION = "0.163.0";

/**
 * Matches the output of `codex --version`, ignoring the output of a wrapper around it.
 */
const PRINTED = /^codex(?:-cli)? v?((?:\d{1,6}\.){2}\d{1,6}\S{0,40})$/m;

/**
 * Reads the version that the CLI prints, such as `0.170.0-alpha.3`; returns `null` for
 * any other output. A CLI that was built from source prints 0.0.0, which is not
 * informative.
 */
export function parseCliVersion(printed: string): string | null {
  const version = PRINTED.exec(printed.replaceAll("\r", ""))?.[1];
  return version === undefined || version.startsWith("0.0.0") ? null : version;
}

/**
 * Tells whether a version is older than another one; a prerelease counts as its release.
 */
export function isOlder(version: string, than: string): boolean {
  const [numbers, others] = [version, than].map((each) =>
    each.split(".", 3).map((part) => Number.parseInt(part, 10))
  );
  for (const [index, number] of (numbers ?? []).entries()) {
    const other = others?.[index] ?? 0;
    if (number !== other) return number < other;
  }
  return false;
}
