import type { JsonObject, JsonValue } from "../../protocol/json.ts";
import { jsonPointer } from "../../util/text.ts";
import { splitConstraints } from "./keywords.ts";
import { readLimits } from "./limits.ts";
import type { Walk } from "./object_codec.ts";
import { unsupported } from "../unsupported.ts";
import { type PlainCodec, readAnnotations } from "./codec.ts";

/** Creates the codec of an array, or of a tuple whose items all have the same type. */
export function arrayCodec(
  schema: JsonObject,
  path: string,
  walk: Walk,
): PlainCodec {
  const { item, constraints } = readItem(schema, path);
  const codec = walk(item, path + jsonPointer([0]));
  const { sent, notes } = splitConstraints("array", constraints);
  const limits = readLimits(constraints);
  return {
    schema: () => ({
      ...readAnnotations(schema, notes),
      type: "array",
      items: codec.schema(),
      ...sent,
    }),
    matches: (value, decoder) =>
      Array.isArray(value) && limits.every((limit) => limit(value)) &&
      decoder.memoizeMatch(
        limits,
        value,
        () => value.every((inner) => decoder.matches(codec, inner)),
      ),
    decode: (value, decoder) =>
      Array.isArray(value)
        ? value.map((inner) => decoder.decode(codec, inner))
        : value,
  };
}

/** Reads the schema of an array's items, and the constraints on their number. */
function readItem(
  schema: JsonObject,
  path: string,
): { item: JsonValue | undefined; constraints: JsonObject } {
  const { items } = schema;
  // An array in `items` is the older form of `prefixItems`.
  const places = Array.isArray(schema.prefixItems)
    ? schema.prefixItems
    : Array.isArray(items)
    ? items
    : undefined;
  if (places === undefined) return { item: items, constraints: schema };
  const rest = Array.isArray(items) ? schema.additionalItems : items;
  const isClosed = rest === undefined || rest === false;
  const all = isClosed ? places : [...places, rest];
  const first = all[0];
  const text = JSON.stringify(first);
  const isSame = all.every((one) => JSON.stringify(one) === text);
  if (first === undefined || !isSame) {
    throw unsupported(
      path,
      "a tuple of different types is not possible in strict mode, where all items have one type; use z.object({ … }) with a name for each position",
    );
  }
  const { minItems = places.length, maxItems = places.length } = schema;
  return {
    item: first,
    constraints: { ...schema, minItems, ...isClosed ? { maxItems } : {} },
  };
}
