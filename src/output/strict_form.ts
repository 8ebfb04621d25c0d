import { isObject, type JsonObject, type JsonValue } from "../protocol/json.ts";
import { jsonPointer } from "../text.ts";
import { arrayShape } from "./array_shape.ts";
import { leafShape, literalShape } from "./leaf_shapes.ts";
import { mergeAllOf } from "./merge_all_of.ts";
import { objectShape } from "./object_shape.ts";
import { References } from "./references.ts";
import { refusal, shapeless } from "./refusal.ts";
import { type Shape, textsOf } from "./shape.ts";
import { describedAs, unionShape } from "./union_shape.ts";

/** The property that holds an answer that is no object. */
const WRAPPER = "value";

/** What is sent for a type, and the way back from the answer. */
export interface StrictForm {
  /** The JSON Schema that is sent: an object. */
  readonly schema: JsonObject;
  /** Where in the answer the type's value stands, as a JSON pointer: empty, or `/value`. */
  readonly place: string;
  /**
   * The answer as the type knows it; what does not fit stays as it is. Nothing
   * where the object around it is missing.
   */
  restore(answer: unknown): { readonly value: unknown } | undefined;
}

/**
 * A type's JSON Schema in the form that the model's strict mode takes (facts F18),
 * and the way back from it: every object closed and every property required, null
 * for a property that may be left out, and an object around a root that is none.
 *
 * @throws {CodexOutputSchemaError} For what has no such form, with its place in
 * the answer and what to write instead.
 */
export function strictForm(schema: JsonObject): StrictForm {
  const walker = new Walker(schema);
  const root = walker.root();
  if (root.schema.type === "object") {
    return {
      schema: { ...root.schema, ...walker.definitions() },
      place: "",
      restore: (answer) => ({ value: root.restore(answer) }),
    };
  }
  return {
    schema: {
      type: "object",
      properties: { [WRAPPER]: root.schema },
      required: [WRAPPER],
      additionalProperties: false,
      ...walker.definitions(),
    },
    place: jsonPointer([WRAPPER]),
    restore: (answer) =>
      isObject(answer) && Object.hasOwn(answer, WRAPPER)
        ? { value: root.restore(answer[WRAPPER]) }
        : undefined,
  };
}

/** A definition under way: its shape is there once it has been walked through. */
interface Definition {
  readonly name: string;
  shape: Shape | undefined;
  /** The values that are being held against it, so that a union of itself comes to an end. */
  readonly trying: unknown[];
}

/** Walks through one schema. */
class Walker {
  readonly #references: References;
  /** The definitions in use, by reference. */
  readonly #definitions = new Map<string, Definition>();

  constructor(root: JsonObject) {
    this.#references = new References(root);
  }

  root(): Shape {
    // Where the root only names a definition, the definition is the root.
    const root = this.#references.resolve(this.#references.root);
    if (!isPlainObject(root)) return this.#walk(root, "");
    // It stays the root of what is sent, and a reference to it stays one.
    const definition: Definition = { name: "", shape: undefined, trying: [] };
    this.#definitions.set("#", definition);
    definition.shape = this.#walk(root, "");
    return definition.shape;
  }

  /** The `$defs` of what is sent. */
  definitions(): JsonObject {
    const named = [...this.#definitions.values()]
      .filter(({ name }) => name !== "");
    if (named.length === 0) return {};
    return {
      $defs: Object.fromEntries(
        named.map(({ name, shape }) => [name, shape?.schema ?? {}]),
      ),
    };
  }

  #walk(schema: JsonValue | undefined, path: string): Shape {
    if (!isObject(schema)) throw shapeless(schema !== false, path);
    if (typeof schema.$ref === "string") return this.#reference(schema, path);
    const merged = mergeAllOf(
      schema,
      path,
      (part) => this.#references.resolve(part),
    );
    return this.#walkMerged(merged.schema, merged.more, path);
  }

  #walkMerged(
    schema: JsonObject,
    more: readonly JsonObject[],
    path: string,
  ): Shape {
    const members = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(members)) {
      if (schema.properties !== undefined) {
        throw refusal(
          "an object that is a union as well",
          path,
          "the model's strict mode cannot have both; write the properties into each member of the union",
        );
      }
      const shapes = members.map((member) => this.#walk(member, path));
      if (shapes.length === 0) throw shapeless(false, path);
      return unionShape(textsOf(schema), shapes);
    }
    if ("const" in schema || "enum" in schema) {
      return literalShape(schema, path);
    }
    if (Array.isArray(schema.type)) {
      const { title: _, description: __, ...rest } = schema;
      const shapes = schema.type.map((type) =>
        this.#walkMerged({ ...rest, type }, more, path)
      );
      return unionShape(textsOf(schema), shapes);
    }
    switch (typeOf(schema)) {
      case "object":
        return objectShape(
          schema,
          path,
          (inner, place) => this.#walk(inner, place),
          (inner) => this.#references.takesNull(inner),
        );
      case "array":
        return arrayShape(
          schema,
          path,
          (inner, place) => this.#walk(inner, place),
        );
      case "string":
      case "number":
      case "integer":
      case "boolean":
      case "null":
        return leafShape(String(typeOf(schema)), schema, more);
      default:
        throw shapeless(schema, path);
    }
  }

  /** A reference stays one: the definition may hold itself. */
  #reference(schema: JsonObject, path: string): Shape {
    const reference = String(schema.$ref);
    let definition = this.#definitions.get(reference);
    if (definition === undefined) {
      const target = this.#target(reference, path);
      definition = {
        name: this.#nameOf(reference),
        shape: undefined,
        trying: [],
      };
      this.#definitions.set(reference, definition);
      definition.shape = this.#walk(target, path);
    }
    const found = definition;
    const { name, trying } = found;
    const once = <R>(value: unknown, otherwise: R, hold: () => R): R => {
      if (trying.includes(value)) return otherwise;
      trying.push(value);
      try {
        return hold();
      } finally {
        trying.pop();
      }
    };
    return {
      schema: describedAs(textsOf(schema), {
        $ref: name === "" ? "#" : `#${jsonPointer(["$defs", name])}`,
      }),
      fits: (value) =>
        once(value, false, () => found.shape?.fits(value) ?? false),
      restore: (value) => once(value, value, () => found.shape?.restore(value)),
      resembles: (value) =>
        once(value, false, () => found.shape?.resembles?.(value) ?? true),
    };
  }

  /** A name for a definition that no other one has. */
  #nameOf(reference: string): string {
    const name = this.#references.nameOf(reference);
    const taken = new Set([...this.#definitions.values()].map((d) => d.name));
    let free = name;
    for (let n = 2; taken.has(free); n += 1) free = `${name}_${n}`;
    return free;
  }

  #target(reference: string, path: string): JsonObject {
    const target = this.#references.find(reference);
    if (target !== undefined) return target;
    throw refusal(
      `a reference to ${JSON.stringify(reference)}`,
      path,
      "it leads nowhere in the schema; refer to #/$defs/…",
    );
  }
}

/** Whether a schema is an object's and nothing else. */
function isPlainObject(schema: JsonObject): boolean {
  const others = ["anyOf", "oneOf", "const", "enum", "$ref"];
  return (typeOf(schema) === "object" ||
    schema.type === undefined && Array.isArray(schema.allOf)) &&
    others.every((key) => schema[key] === undefined);
}

/** A schema's type; where it is left out, what its keywords speak of. */
function typeOf(schema: JsonObject): JsonValue | undefined {
  if (schema.type !== undefined) return schema.type;
  if (isObject(schema.properties)) return "object";
  return "items" in schema || "prefixItems" in schema ? "array" : undefined;
}
