import type { JsonObject } from "../../protocol/json.ts";
import { ChoiceCodec, type Codec } from "./codec.ts";

/** Creates the codec of a union; `annotations` are its title and description. */
export function unionCodec(
  annotations: JsonObject,
  members: readonly Codec[],
): Codec {
  const only = members[0];
  if (only !== undefined && members.length === 1) {
    return annotate(annotations, only);
  }
  return new ChoiceCodec(
    () => ({ ...annotations, anyOf: members.map((member) => member.schema()) }),
    () => members,
  );
}

function annotate(annotations: JsonObject, codec: Codec): Codec {
  const schema = () => withAnnotations(annotations, codec.schema());
  return codec instanceof ChoiceCodec
    ? new ChoiceCodec(schema, () => [codec])
    : { ...codec, schema };
}

/** Returns a codec's schema, made nullable; null means that the property is absent. */
export function nullable(codec: Codec): JsonObject {
  const { title, description, ...schema } = codec.schema();
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

/** Adds annotations to a schema. Strict mode allows no other keyword next to a `$ref`. */
export function withAnnotations(
  annotations: JsonObject,
  schema: JsonObject,
): JsonObject {
  if (Object.keys(annotations).length === 0) return schema;
  return "$ref" in schema
    ? { ...annotations, anyOf: [schema] }
    : { ...annotations, ...schema, ...annotations };
}
