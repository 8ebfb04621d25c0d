/**
 * Programs for the compiler, in which each line says in a comment what it is about.
 *
 * @module
 */

/** Gives what the lines are about that a compiler has rejected: `file.ts:12:3` or `file.ts(12,3)`. */
export function rejectedLines(
  source: string,
  file: string,
  output: string,
): string[] {
  const lines = source.split("\n");
  const places = new RegExp(`${RegExp.escape(file)}[:(](\\d+)`, "g");
  const rejected = [...output.matchAll(places)].map(([, line]) =>
    lines[Number(line) - 1]?.replace(/^.*\/\/ /, "") ?? ""
  );
  return [...new Set(rejected)];
}
