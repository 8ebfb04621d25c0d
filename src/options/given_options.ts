/** Gives the options that were given a value; what is shown of them on a console. */
export function givenOptions(options: object): object {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
}
