/**
 * The path to the first value that is nested deeper than so many levels of objects
 * and arrays; nothing where there is none.
 */
export function tooDeepIn(
  value: unknown,
  levels: number,
): PropertyKey[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (levels === 0) return [];
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    const path = tooDeepIn(
      (value as { [key: string]: unknown })[key],
      levels - 1,
    );
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}

/** Whether an error says that the stack is full, which every engine says as a `RangeError`. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}
