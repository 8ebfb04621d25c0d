/**
 * Values as plain data, to be sent to another thread: turns and errors too, which
 * become objects of their classes again. What is one object on one side is one on
 * the other, within what is sent together.
 *
 * @module
 */

import * as sdk from "@acodex/sdk";

/** A value as plain data. */
export interface Packed {
  /** The value's place among the parts. */
  readonly root: number;
  /** Every value in it, once. */
  readonly parts: readonly Part[];
}

/** A value whose own values are named by their places. */
type Part =
  | { readonly type: "plain"; readonly value: unknown }
  | { readonly type: "array"; readonly places: readonly number[] }
  | {
    readonly type: "object";
    /** The name of its class; none for a plain object. */
    readonly className: string | undefined;
    readonly properties: readonly Property[];
  };

/** A property, and what reading it gave or threw. */
interface Property {
  readonly name: string;
  readonly place: number;
  readonly throws: boolean;
}

/** The classes that come across, by name: the package's, and the language's errors. */
const CLASSES: ReadonlyMap<string, { readonly prototype: object }> = new Map(
  Object.entries({
    ...sdk,
    ...{ Error, EvalError, RangeError, ReferenceError },
    ...{ SyntaxError, TypeError, URIError },
  }).flatMap(([name, value]) =>
    typeof value === "function" ? [[name, value]] : []
  ),
);

/** Takes a value apart. */
export function pack(value: unknown): Packed {
  const parts: Part[] = [];
  const places = new Map<object, number>();

  function findPlace(value: unknown): number {
    const known = places.get(Object(value));
    if (known !== undefined) return known;
    // Kept free for it: its own values come after it.
    const place = parts.push({ type: "plain", value: undefined }) - 1;
    if (typeof value === "object" && value !== null) places.set(value, place);
    parts[place] = packPart(value);
    return place;
  }

  function packPart(value: unknown): Part {
    if (typeof value !== "object" || value === null) {
      // What a library's error holds beside data; nobody can send it.
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

/** Makes a value of its parts again. */
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

/** The names of what can be read of an object: its own properties, and its classes' getters. */
function listNames(value: object): Set<string> {
  const names = new Set(
    // Some runtimes have an error's trace on the prototype.
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

/** The class that an object is made of again: its own, or the nearest known one above it. */
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
