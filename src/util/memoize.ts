/**
 * Gives the value that belongs to an object, made when it is first asked for. It is
 * kept as long as the object lives. If making it throws, the next call tries again.
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
