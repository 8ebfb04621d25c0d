import { isObject, type JsonObject, type JsonValue } from "../protocol/json.ts";
import { jsonPointer } from "../text.ts";
import { arrayShape } from "./array_shape.ts";
import { leafShape, literalShape } from "./leaf_shapes.ts";
import { mergeAllOf } from "./merge_all_of.ts";
import { objectShape } from "./object_shape.ts";
import { References } from "./references.ts";
import { refusal, shapeless } from "./refusal.ts";
import { Reading } from "./reading.ts";
import { Choice, type Shape, textsOf } from "./shape.ts";
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
  const shape = walker.root();
  const root = shape.schema();
  if (root.type === "object") {
    return {
      schema: { ...root, ...walker.definitions() },
      place: "",
      restore: (answer) => ({ value: new Reading().restore(shape, answer) }),
    };
  }
  return {
    schema: {
      type: "object",
      properties: { [WRAPPER]: root },
      required: [WRAPPER],
      additionalProperties: false,
      ...walker.definitions(),
    },
    place: jsonPointer([WRAPPER]),
    restore: (answer) =>
      isObject(answer) && Object.hasOwn(answer, WRAPPER)
        ? { value: new Reading().restore(shape, answer[WRAPPER]) }
        : undefined,
  };
}

/** A definition in use: its shape is there once it has been walked through. */
interface Definition {
  readonly name: string;
  readonly target: JsonObject;
  /** The first place in the answer that refers to it. */
  readonly path: string;
  shape: Shape | undefined;
}

/** Walks through one schema. */
class Walker {
  readonly #references: References;
  /** The definitions in use, by reference. */
  readonly #definitions = new Map<string, Definition>();
  /** The names of definitions, and how many were made of each. */
  readonly #names = new Map<string, number>();

  constructor(root: JsonObject) {
    this.#references = new References(root);
  }

  root(): Shape {
    // Where the root only names a definition, the definition is the root.
    const root = this.#references.resolve(this.#references.root);
    // It stays the root of what is sent, and a reference to it stays one.
    const definition = isPlainObject(root)
      ? this.#define("#", {
        name: "",
        target: root,
        path: "",
        shape: undefined,
      })
      : undefined;
    const shape = this.#walk(root, "");
    if (definition !== undefined) definition.shape = shape;
    // One after the other, with those that turn up on the way: one inside the other,
    // a long chain of them would not fit on the stack.
    for (const definition of this.#definitions.values()) {
      definition.shape ??= this.#walk(definition.target, definition.path);
    }
    return shape;
  }

  /** The `$defs` of what is sent. */
  definitions(): JsonObject {
    const named = [...this.#definitions.values()]
      .filter(({ name }) => name !== "");
    if (named.length === 0) return {};
    return {
      $defs: Object.fromEntries(
        named.map(({ name, shape }) => [name, shape?.schema() ?? {}]),
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
    const definition = this.#definitions.get(reference) ??
      this.#define(reference, {
        name: this.#nameOf(reference),
        target: this.#target(reference, path),
        path,
        shape: undefined,
      });
    const { name } = definition;
    return new Choice(
      () =>
        describedAs(textsOf(schema), {
          $ref: name === "" ? "#" : `#${jsonPointer(["$defs", name])}`,
        }),
      () => definition.shape === undefined ? [] : [definition.shape],
    );
  }

  #define(reference: string, definition: Definition): Definition {
    this.#definitions.set(reference, definition);
    return definition;
  }

  /** A name for a definition that no other one has. */
  #nameOf(reference: string): string {
    const name = this.#references.nameOf(reference);
    let free = name;
    while (this.#names.has(free)) {
      const count = (this.#names.get(name) ?? 1) + 1;
      this.#names.set(name, count);
      free = `${name}_${count}`;
    }
    this.#names.set(free, 1);
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
