/** Gives options with others on top of them; what those leave out stays. */
export function mergedOptions<O extends object>(under: O, over: Partial<O>): O {
  const given = Object.entries(over).filter(([, value]) => value !== undefined);
  return Object.assign(Object.create(null), under, Object.fromEntries(given));
}
