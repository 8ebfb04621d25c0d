import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { shorten } from "../../util/text.ts";
import { unsupported } from "../unsupported.ts";
import type { WalkCost } from "./walk_limits.ts";

/** The longest name of a definition, in characters. */
const MAX_NAME_LENGTH = 64;

/** The references of a JSON Schema. */
export class References {
  /** The schema without its definitions. */
  readonly root: JsonObject;
  readonly #document: JsonObject;
  readonly #cost: WalkCost;

  /** Creates the references of a schema that contains the definitions. */
  constructor(document: JsonObject, cost: WalkCost) {
    const { $defs: _, definitions: __, ...root } = document;
    this.#document = document;
    this.#cost = cost;
    this.root = root;
  }

  /**
   * Follows a reference to its schema.
   *
   * @throws {CodexOutputSchemaError} If the schema is missing, or outside the document.
   */
  follow(reference: string, path: string): JsonObject {
    const target = this.#find(reference);
    if (target === undefined) {
      throw unsupported(
        path,
        `the reference ${
          quote(reference)
        } does not exist in the schema; refer to #/$defs/…`,
      );
    }
    this.#cost.addPart(target, path);
    return target;
  }

  /**
   * Returns a name for the target of a reference, based on the target's own name. A
   * type's id may be any text, and some services reject a name that contains a space or a
   * slash.
   */
  nameFor(reference: string): string {
    if (reference === "#") return "root";
    const own = unescape(reference.slice(reference.lastIndexOf("/") + 1));
    return own.replaceAll(/[^A-Za-z0-9_.-]+/g, "_").slice(0, MAX_NAME_LENGTH) ||
      "item";
  }

  /**
   * Follows references until it reaches a schema that is not a reference.
   *
   * @throws {CodexOutputSchemaError} If the references form a cycle, or one cannot be
   * followed.
   */
  resolve(schema: JsonObject, path: string): JsonObject {
    let found = schema;
    const seen = new Set<string>();
    while (typeof found.$ref === "string") {
      const { $ref, ...texts } = found;
      const reference = String($ref);
      if (seen.has(reference)) throw unsupportedSelfReference(path);
      seen.add(reference);
      found = { ...this.follow(reference, path), ...texts };
    }
    return found;
  }

  #find(reference: string): JsonObject | undefined {
    if (reference === "#") return this.root;
    if (!reference.startsWith("#/")) return undefined;
    let node: JsonValue | undefined = this.#document;
    for (const key of reference.slice(2).split("/").map(unescape)) {
      if (Array.isArray(node)) node = node[Number(key)];
      else if (isObject(node) && Object.hasOwn(node, key)) node = node[key];
      else return undefined;
    }
    return isObject(node) ? node : undefined;
  }
}

/** Creates the error for a type that only refers to itself. */
export function unsupportedSelfReference(path: string): Error {
  return unsupported(
    path,
    "a type that only refers to itself accepts no value; define it",
  );
}

/** Quotes a reference for a message, shortened since it may be any text. */
function quote(reference: string): string {
  return shorten(JSON.stringify(reference), 200);
}

function unescape(key: string): string {
  const plain = key.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
