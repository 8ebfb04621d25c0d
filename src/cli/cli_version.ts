/** The oldest CLI whose server is known to work as this package wants it, as measured. */
export const MIN_SERVER_VERSION = "0.163.0";

/** What `codex --version` prints; what a wrapper prints around it is passed over. */
const PRINTED = /^codex(?:-cli)? v?((?:\d{1,6}\.){2}\d{1,6}\S{0,40})$/m;

/**
 * Reads the version that the CLI prints, such as `0.170.0-alpha.3`; gives `null` for what
 * is none. A CLI that was built from its sources prints 0.0.0, which says nothing.
 */
export function parseCliVersion(printed: string): string | null {
  const version = PRINTED.exec(printed.replaceAll("\r", ""))?.[1];
  return version === undefined || version.startsWith("0.0.0") ? null : version;
}

/** Tells whether a version is older than another one; what comes before a release counts as that. */
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
