import type { JsonObject } from "../../protocol/json.ts";
import { Choice, type Shape } from "./codec.ts";

/** One of some shapes; `texts` are the title and description of the whole. */
export function unionShape(
  texts: JsonObject,
  members: readonly Shape[],
): Shape {
  const only = members[0];
  if (only !== undefined && members.length === 1) {
    return withTexts(texts, only);
  }
  return new Choice(
    () => ({ ...texts, anyOf: members.map((member) => member.schema()) }),
    () => members,
  );
}

function withTexts(texts: JsonObject, shape: Shape): Shape {
  const schema = () => describedAs(texts, shape.schema());
  return shape instanceof Choice
    ? new Choice(schema, () => [shape])
    : { ...shape, schema };
}

/** A shape that may also be null, which stands for a property left out. */
export function orNull(shape: Shape): JsonObject {
  const { title, description, ...schema } = shape.schema();
  const members = Object.keys(schema).length === 1 &&
      Array.isArray(schema.anyOf)
    ? schema.anyOf
    : [schema];
  return {
    ...title === undefined ? {} : { title },
    ...description === undefined ? {} : { description },
    anyOf: [...members, { type: "null" }],
  };
}

/** A schema with texts; strict mode allows nothing beside a reference. */
export function describedAs(
  texts: JsonObject,
  schema: JsonObject,
): JsonObject {
  if (Object.keys(texts).length === 0) return schema;
  return "$ref" in schema
    ? { ...texts, anyOf: [schema] }
    : { ...texts, ...schema, ...texts };
}
