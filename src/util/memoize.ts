/**
 * Makes something of an object, unless it was made before. It is kept as long as
 * the object is; what cannot be made is tried again.
 */
export function once<V extends object>(
  made: WeakMap<object, V>,
  key: object,
  make: () => V,
): V {
  const known = made.get(key);
  if (known !== undefined) return known;
  const value = make();
  made.set(key, value);
  return value;
}

/** Freezes a JSON value with all that is in it: what is kept for many must not be changed by one. */
export function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}
