/**
 * Reads line coverage from an lcov report.
 *
 * @module
 */

/** The line coverage of one file. */
export interface FileCoverage {
  path: string;
  covered: number;
  total: number;
  /** The lines that never ran, in order. */
  missed: number[];
}

/** Parses an lcov report. Files without a line that can run are left out: they hold types only. */
export function parseLcov(report: string): FileCoverage[] {
  const files: FileCoverage[] = [];
  for (const record of report.split(/^end_of_record$/m)) {
    const path = /^SF:(.+?)\r?$/m.exec(record)?.[1];
    if (path === undefined) continue;
    const lines = [...record.matchAll(/^DA:(\d+),(\d+)/gm)];
    const missed = lines.filter(([, , hits]) => hits === "0").map(([, line]) =>
      Number(line)
    );
    const total = lines.length;
    if (total > 0) {
      files.push({ path, covered: total - missed.length, total, missed });
    }
  }
  return files;
}

/** Sums files up, as a share of 100. */
export function percentCovered(files: readonly FileCoverage[]): number {
  const total = files.reduce((sum, file) => sum + file.total, 0);
  const covered = files.reduce((sum, file) => sum + file.covered, 0);
  return total === 0 ? 0 : covered / total * 100;
}

/** Writes line numbers as ranges: `3-5, 9`. */
export function lineRanges(lines: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const line of lines) {
    const open = ranges.at(-1);
    if (open !== undefined && line === open[1] + 1) open[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([first, last]) =>
    first === last ? `${first}` : `${first}-${last}`
  ).join(", ");
}
