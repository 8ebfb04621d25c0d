import type { JsonObject } from "../protocol/json.ts";
import { constraintsOf, keeps } from "./keywords.ts";
import { shapeless } from "./refusal.ts";
import { type Shape, textsOf } from "./shape.ts";
import { unionShape } from "./union_shape.ts";

/** A text, a number, a boolean or null. */
export function leafShape(
  type: string,
  schema: JsonObject,
  more: readonly JsonObject[] = [],
): Shape {
  const { sent, notes } = constraintsOf(type, schema, more);
  return {
    schema: { ...textsOf(schema, ...notes), type, ...sent },
    fits: (value) =>
      isOfType(type, value) &&
      [schema, ...more].every((part) => keeps(part, value)),
    restore: (value) => value,
  };
}

/** One of some values, `const` and `enum`; a type is given to each, as strict mode wants it. */
export function literalShape(schema: JsonObject, path: string): Shape {
  const isOne = "const" in schema;
  const values = isOne ? [schema.const ?? null] : schema.enum;
  if (!Array.isArray(values) || values.length === 0) {
    throw shapeless(false, path);
  }
  const types = [...new Set(values.map(typeOf))];
  if (types.includes("object")) throw shapeless(true, path);
  const shapes = types.map((type): Shape => {
    const ofType = values.filter((value) => typeOf(value) === type);
    const only = ofType[0];
    const some: JsonObject = type === "null" || only === undefined
      ? {}
      : isOne
      ? { const: only }
      : { enum: ofType };
    const fits = (value: unknown): boolean =>
      ofType.some((one) => one === value);
    return {
      schema: { type, ...some },
      fits,
      restore: (value) => value,
      resembles: fits,
    };
  });
  return unionShape(textsOf(schema), shapes);
}

/** Whether a JSON value is of a type of JSON Schema's. */
function isOfType(type: string, value: unknown): boolean {
  if (type === "integer") return Number.isInteger(value);
  return typeOf(value) === type;
}

function typeOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}
