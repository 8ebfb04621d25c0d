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
}

function unescape(key: string): string {
  const plain = key.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
