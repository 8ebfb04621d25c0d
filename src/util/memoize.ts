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
