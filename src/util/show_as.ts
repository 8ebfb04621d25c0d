/** The function under which Node, Deno and Bun let an object say what a console shows of it. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** Writes a value for a console. */
type Inspect = (value: unknown, options: unknown) => string;

/**
 * Has consoles show an object as its class and some fields: what is private they leave
 * out.
 *
 * @param fields Gives the fields when it is shown; those that are undefined are left out.
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
