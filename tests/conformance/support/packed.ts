/**
 * Values as plain data that can be sent to another thread. Turns and errors become
 * objects of their classes again. Within one message, references to the same object
 * stay references to the same object.
 *
 * @module
 */

import * as sdk from "@acodex/sdk";

/** A value as plain data. */
export interface Packed {
  /** The value's index in `parts`. */
  readonly root: number;
  /** Every value that it contains, once. */
  readonly parts: readonly Part[];
}

/** A value that refers to the values it contains by their index in `parts`. */
type Part =
  | { readonly type: "plain"; readonly value: unknown }
  | { readonly type: "array"; readonly places: readonly number[] }
  | {
    readonly type: "object";
    /** The name of its class; `undefined` for a plain object. */
    readonly className: string | undefined;
    readonly properties: readonly Property[];
  };

/** A property, and the value that reading it returned or threw. */
interface Property {
  readonly name: string;
  readonly place: number;
  readonly throws: boolean;
}

/** The classes that are restored, by name: the package's, and the language's errors. */
const CLASSES: ReadonlyMap<string, { readonly prototype: object }> = new Map(
  Object.entries({
    ...sdk,
    ...{ Error, EvalError, RangeError, ReferenceError },
    ...{ SyntaxError, TypeError, URIError },
  }).flatMap(([name, value]) =>
    typeof value === "function" ? [[name, value]] : []
  ),
);

/** Converts a value to plain data. */
export function pack(value: unknown): Packed {
  const parts: Part[] = [];
  const places = new Map<object, number>();

  function findPlace(value: unknown): number {
    const known = places.get(Object(value));
    if (known !== undefined) return known;
    // Reserves its index; the values that it contains come after it.
    const place = parts.push({ type: "plain", value: undefined }) - 1;
    if (typeof value === "object" && value !== null) places.set(value, place);
    parts[place] = packPart(value);
    return place;
  }

  function packPart(value: unknown): Part {
    if (typeof value !== "object" || value === null) {
      // A library's error may hold functions, which cannot be sent.
      if (typeof value === "function") {
        return { type: "plain", value: undefined };
      }
      return { type: "plain", value };
    }
    if (Array.isArray(value)) {
      return { type: "array", places: value.map(findPlace) };
    }
    const properties = [...listNames(value)].map((name): Property => {
      try {
        const place = findPlace(Reflect.get(value, name));
        return { name, place, throws: false };
      } catch (error) {
        return { name, place: findPlace(error), throws: true };
      }
    });
    return { type: "object", className: findClassName(value), properties };
  }

  return { root: findPlace(value), parts };
}

/** Rebuilds a value from its parts. */
export function unpack({ root, parts }: Packed): unknown {
  const values = new Map<number, unknown>();

  function valueAt(place: number): unknown {
    if (values.has(place)) return values.get(place);
    const part = parts[place];
    switch (part?.type) {
      case "plain":
        values.set(place, part.value);
        break;
      case "array": {
        const array: unknown[] = [];
        values.set(place, array);
        for (const each of part.places) array.push(valueAt(each));
        break;
      }
      case "object": {
        const made: object = Object.create(
          CLASSES.get(part.className ?? "")?.prototype ?? Object.prototype,
        );
        values.set(place, made);
        for (const { name, place, throws } of part.properties) {
          const value = valueAt(place);
          Object.defineProperty(made, name, {
            configurable: true,
            enumerable: true,
            ...throws
              ? {
                get(): never {
                  throw value;
                },
              }
              : { value },
          });
        }
        break;
      }
    }
    return values.get(place);
  }

  return valueAt(root);
}

/** Lists an object's readable names: its own properties and its classes' getters. */
function listNames(value: object): Set<string> {
  const names = new Set(
    // Some runtimes define an error's `stack` on the prototype.
    value instanceof Error ? ["name", "message", "stack"] : [],
  );
  for (
    let from = value;
    from !== null && from !== Object.prototype;
    from = Object.getPrototypeOf(from)
  ) {
    for (
      const [name, { get }] of Object.entries(
        Object.getOwnPropertyDescriptors(from),
      )
    ) {
      if (name === "__proto__") continue;
      if (from === value || get !== undefined) names.add(name);
    }
  }
  return names;
}

/** Finds the class to rebuild an object with: its own, or the nearest known base class. */
function findClassName(value: object): string | undefined {
  for (
    let from = Object.getPrototypeOf(value);
    from !== null;
    from = Object.getPrototypeOf(from)
  ) {
    for (const [name, { prototype }] of CLASSES) {
      if (prototype === from) return name;
    }
  }
  return undefined;
}
