/** The key of the method with which objects customize their console output on Node, Deno and Bun. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** Writes a value for a console. */
type Inspect = (value: unknown, options: unknown) => string;

/**
 * Makes consoles show an object as its class and some fields, as they do not show private
 * ones.
 *
 * @param fields Returns the fields, each time it is shown; `undefined` ones are omitted.
 */
export function showAs(
  target: object,
  className: string,
  fields: () => object,
): void {
  Object.defineProperty(target, INSPECT, {
    value: (_depth: number, options: unknown, inspect?: Inspect) => {
      const shown = Object.fromEntries(
        Object.entries(fields()).filter(([, value]) => value !== undefined),
      );
      return inspect === undefined
        ? shown
        : `${className} ${inspect(shown, options)}`;
    },
    configurable: true,
    writable: true,
  });
}
