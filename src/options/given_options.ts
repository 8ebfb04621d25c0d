/** Returns the options that have a value, which a console shows. */
export function givenOptions(options: object): object {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
}
