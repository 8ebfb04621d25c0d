import { isObject, type JsonObject, type JsonValue } from "../protocol/json.ts";

/** What the references of a JSON Schema lead to. */
export class References {
  /** The schema without its definitions. */
  readonly root: JsonObject;
  readonly #document: JsonObject;

  /** Takes the schema that holds the definitions. */
  constructor(document: JsonObject) {
    const { $defs: _, definitions: __, ...root } = document;
    this.#document = document;
    this.root = root;
  }

  /** What a reference leads to; nothing if it leads nowhere, or out of the schema. */
  find(reference: string): JsonObject | undefined {
    if (reference === "#") return this.root;
    if (!reference.startsWith("#/")) return undefined;
    let place: JsonValue | undefined = this.#document;
    for (const key of reference.slice(2).split("/").map(unescape)) {
      if (Array.isArray(place)) place = place[Number(key)];
      else if (isObject(place) && Object.hasOwn(place, key)) place = place[key];
      else return undefined;
    }
    return isObject(place) ? place : undefined;
  }

  /** A name for what a reference leads to. */
  nameOf(reference: string): string {
    if (reference === "#") return "root";
    return unescape(reference.slice(reference.lastIndexOf("/") + 1)) || "item";
  }

  /** A schema that is no reference, through any number of references. */
  resolve(schema: JsonObject): JsonObject {
    let found = schema;
    const seen = new Set<string>();
    while (typeof found.$ref === "string" && !seen.has(found.$ref)) {
      seen.add(found.$ref);
      const { $ref, ...texts } = found;
      const target = this.find(String($ref));
      if (target === undefined) return found;
      found = { ...target, ...texts };
    }
    return found;
  }

  /** Whether null is a value of a schema's own. */
  takesNull(
    schema: JsonValue | undefined,
    seen: readonly string[] = [],
  ): boolean {
    if (!isObject(schema)) return schema === true;
    const { $ref, allOf, type } = schema;
    const members = schema.anyOf ?? schema.oneOf;
    const inner = (part: JsonValue): boolean => this.takesNull(part, seen);
    if (typeof $ref === "string") {
      return !seen.includes($ref) &&
        this.takesNull(this.find($ref), [...seen, $ref]);
    }
    if (Array.isArray(allOf) && !allOf.every(inner)) return false;
    if (Array.isArray(members)) return members.some(inner);
    if ("const" in schema) return schema.const === null;
    if (Array.isArray(schema.enum)) return schema.enum.includes(null);
    return Array.isArray(type)
      ? type.includes("null")
      : type === "null" || type === undefined && !("properties" in schema);
  }
}

function unescape(key: string): string {
  const plain = key.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
