/**
 * Finds the first value that is nested deeper than `maxDepth` levels of objects and
 * arrays, and returns its path as keys; `undefined` if there is none.
 */
export function findTooDeep(
  value: unknown,
  maxDepth: number,
): PropertyKey[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (maxDepth === 0) return [];
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    const inner = (value as { [key: string]: unknown })[key];
    const keys = findTooDeep(inner, maxDepth - 1);
    if (keys !== undefined) return [key, ...keys];
  }
  return undefined;
}

/** Tells whether an error is a stack overflow, a `RangeError` on every engine. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}
