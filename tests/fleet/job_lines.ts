/**
 * Reads what `submit.ts` prints about its jobs.
 *
 * @module
 */

/** A line of `submit.ts`. */
export interface JobLine {
  /** The job's id. */
  readonly id: string;
  /** What happened. */
  readonly what: string;
  /** The event's data. */
  readonly value: unknown;
}

/** Parses lines. */
export function readJobLines(lines: readonly string[]): JobLine[] {
  return lines.map((line) => {
    const [, id = "", what = "", value = "null"] =
      /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
    return { id, what, value: JSON.parse(value) };
  });
}

/** Counts how often something happened to each job. */
export function countByJob(
  lines: readonly JobLine[],
  what: string,
): Map<string, number> {
  return countEach(
    lines.filter((line) => line.what === what).map(({ id }) => id),
  );
}

/** Counts how often each value occurs. */
export function countEach<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
