import type { JsonObject } from "../../protocol/json.ts";
import { ChoiceCodec, type Codec } from "./codec.ts";

/** One of some codecs; `texts` are the title and description of the whole. */
export function unionCodec(
  texts: JsonObject,
  members: readonly Codec[],
): Codec {
  const only = members[0];
  if (only !== undefined && members.length === 1) {
    return withTexts(texts, only);
  }
  return new ChoiceCodec(
    () => ({ ...texts, anyOf: members.map((member) => member.schema()) }),
    () => members,
  );
}

function withTexts(texts: JsonObject, codec: Codec): Codec {
  const schema = () => describedAs(texts, codec.schema());
  return codec instanceof ChoiceCodec
    ? new ChoiceCodec(schema, () => [codec])
    : { ...codec, schema };
}

/** A codec that may also be null, which stands for a property left out. */
export function orNull(codec: Codec): JsonObject {
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
