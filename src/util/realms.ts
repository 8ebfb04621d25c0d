/**
 * Tells whether a value is an error. It may be one of another realm: test runners run
 * tests in a realm of their own (Jest, Vitest with `vmThreads`), where the errors of the
 * runtime's modules are not instances of `Error`.
 */
export function isError(value: unknown): value is Error {
  return value instanceof Error || isTagged(value, "Error") ||
    isTagged(value, "DOMException");
}

/** Tells whether a value is a promise, which may be one of another realm. */
export function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise || isTagged(value, "Promise");
}

/** Tells whether a value is bytes, which may be those of another realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return isTagged(value, "Uint8Array");
}

/** Tells whether a value has the tag of a class, in any realm. */
export function isTagged(value: unknown, tag: string): boolean {
  return Object.prototype.toString.call(value) === `[object ${tag}]`;
}
