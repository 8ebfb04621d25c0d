import type { JsonObject } from "../../protocol/json.ts";
import { ChoiceCodec, type Codec } from "./codec.ts";

/** One of some codecs; `annotations` are the title and description of the whole. */
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

/** A codec that may also be null, which stands for a property left out. */
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

/** A schema with annotations; strict mode allows nothing beside a reference. */
export function withAnnotations(
  annotations: JsonObject,
  schema: JsonObject,
): JsonObject {
  if (Object.keys(annotations).length === 0) return schema;
  return "$ref" in schema
    ? { ...annotations, anyOf: [schema] }
    : { ...annotations, ...schema, ...annotations };
}
