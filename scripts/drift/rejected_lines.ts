/**
 * Programs for the compiler in which each line has a comment with its subject.
 *
 * @module
 */

/** Lists the subjects of lines that a compiler has rejected, with `file.ts:12:3` or `file.ts(12,3)`. */
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
