/**
 * Returns the value that belongs to an object, and creates it on the first call. It is
 * kept as long as the object lives. If `make` throws, the next call tries again.
 */
export function memoize<V extends object>(
  cache: WeakMap<object, V>,
  key: object,
  make: () => V,
): V {
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const value = make();
  cache.set(key, value);
  return value;
}
