/**
 * Returns options with others on top; options that those leave undefined keep their
 * values.
 */
export function mergedOptions<O extends object>(under: O, over: Partial<O>): O {
  const given = Object.entries(over).filter(([, value]) => value !== undefined);
  return Object.assign(Object.create(null), under, Object.fromEntries(given));
}
