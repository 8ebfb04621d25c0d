import type { JsonObject, JsonValue } from "../../src/protocol/json.ts";
import { chooseOne, type Random } from "./random_types.ts";

/**
 * Builds a random answer that a schema accepts, independently of the type it was made
 * from.
 */
export function randomAnswer(
  random: Random,
  schema: JsonObject,
  root: JsonObject = schema,
  depth = 6,
): JsonValue {
  const inside = (inner: JsonValue | undefined): JsonValue =>
    randomAnswer(random, inner as JsonObject, root, depth - 1);
  if (typeof schema.$ref === "string") {
    const name = schema.$ref.replace("#/$defs/", "");
    return inside(name === "#" ? root : (root.$defs as JsonObject)[name]);
  }
  if (Array.isArray(schema.anyOf)) {
    // If null is a member, it is the last one: a way out of recursion.
    return inside(
      depth > 0 ? chooseOne(random, schema.anyOf) : schema.anyOf.at(-1),
    );
  }
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return chooseOne(random, schema.enum);
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties as JsonObject).map(([name, inner]) => [
          name,
          inside(inner),
        ]),
      );
    case "array": {
      const { minItems = 0, maxItems = depth > 0 ? 2 : minItems } = schema;
      const most = depth > 0 ? Number(maxItems) : Number(minItems);
      const length = Number(minItems) +
        Math.floor(random() * (most - Number(minItems) + 1));
      return Array.from({ length }, () => inside(schema.items));
    }
    case "integer":
      return Math.floor(random() * 20);
    case "number":
      return random() * 20;
    case "boolean":
      return random() < 0.5;
    case "string":
      return chooseOne(random, ["", "a", "b", "longer"]);
    default:
      return null;
  }
}
