import type { JsonObject } from "../../protocol/json.ts";
import { splitConstraints } from "./keywords.ts";
import { readLimits } from "./limits.ts";
import { unsupportedSchema } from "../unsupported.ts";
import { type Codec, type PlainCodec, readAnnotations } from "./codec.ts";
import { unionCodec } from "./union_codec.ts";

/** Creates the codec of a string, a number, a boolean or null. */
export function leafCodec(
  type: string,
  schema: JsonObject,
  more: readonly JsonObject[] = [],
): PlainCodec {
  const { sent, notes } = splitConstraints(type, schema, more);
  const limits = [schema, ...more].flatMap(readLimits);
  return {
    schema: () => ({ ...readAnnotations(schema, notes), type, ...sent }),
    matches: (value) =>
      isOfType(type, value) && limits.every((limit) => limit(value)),
    decode: (value) => value,
    isNull: type === "null",
  };
}

/**
 * Creates the codec of `const` and `enum`. Strict mode requires a type, so there is one
 * codec for each type of the values.
 */
export function literalCodec(schema: JsonObject, path: string): Codec {
  const isOne = "const" in schema;
  const values = isOne ? [schema.const ?? null] : schema.enum;
  if (!Array.isArray(values) || values.length === 0) {
    throw unsupportedSchema(false, path);
  }
  const types = [...new Set(values.map(jsonType))];
  if (types.includes("object")) throw unsupportedSchema(true, path);
  const codecs = types.map((type): PlainCodec => {
    const ofType = values.filter((value) => jsonType(value) === type);
    const known = new Set<unknown>(ofType);
    const only = ofType[0];
    const some: JsonObject = type === "null" || only === undefined
      ? {}
      : isOne
      ? { const: only }
      : { enum: ofType };
    const matches = (value: unknown): boolean => known.has(value);
    return {
      schema: () => ({ type, ...some }),
      matches,
      decode: (value) => value,
      matchesLiterals: matches,
      isNull: type === "null",
    };
  });
  return unionCodec(readAnnotations(schema), codecs);
}

/** Tells whether a JSON value has a type of JSON Schema. */
function isOfType(type: string, value: unknown): boolean {
  if (type === "integer") return Number.isInteger(value);
  return jsonType(value) === type;
}

function jsonType(value: unknown): string {
  return value === null ? "null" : typeof value;
}
