import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { jsonPointer } from "../../util/text.ts";
import { arrayShape } from "./array_codec.ts";
import { leafShape, literalShape } from "./leaf_codecs.ts";
import { mergeAllOf } from "./merge_all_of.ts";
import { tooDeepIn } from "../../util/nesting.ts";
import { objectShape, type Walk } from "./object_codec.ts";
import { nothingButItself, References } from "./references.ts";
import { refusal, shapeless } from "../unsupported.ts";
import { MAX_SCHEMA_DEPTH } from "../schema_limits.ts";
import { checkDepth, tooDeep, WalkCost } from "./walk_limits.ts";
import { Choice, type Shape, textsOf } from "./codec.ts";
import { describedAs, unionShape } from "./union_codec.ts";

/** A definition in use: its shape is there once it has been walked through. */
interface Definition {
  readonly name: string;
  readonly target: JsonObject;
  /** The first place in the answer that refers to it. */
  readonly path: string;
  shape: Shape | undefined;
}

/** Walks through one schema. */
export class Walker {
  readonly #cost = new WalkCost();
  readonly #references: References;
  /** The definitions in use, by reference. */
  readonly #definitions = new Map<string, Definition>();
  /** The names of definitions, and how many were made of each. */
  readonly #names = new Map<string, number>();
  /** The unions and references, with their places in the answer. */
  readonly #choices: [choice: Choice, path: string][] = [];

  constructor(root: JsonObject) {
    this.#references = new References(root, this.#cost);
  }

  root(): Shape {
    this.#cost.addPart(this.#references.root, "");
    // Where the root only names a definition, the definition is the root.
    const root = this.#references.resolve(this.#references.root, "");
    // It stays the root of what is sent, and a reference to it stays one.
    const definition = isPlainObject(root)
      ? this.#define("#", {
        name: "",
        target: root,
        path: "",
        shape: undefined,
      })
      : undefined;
    const shape = this.#walk(root, "", 1);
    if (definition !== undefined) definition.shape = shape;
    // One after the other, with those that turn up on the way: one inside the other,
    // a long chain of them would not fit on the stack.
    for (const definition of this.#definitions.values()) {
      definition.shape ??= this.#walk(definition.target, definition.path, 1);
    }
    this.#settle();
    return shape;
  }

  /** Looks for what unions and references come to. */
  #settle(): void {
    const settle = (choice: Choice, path: string): void => {
      choice.settle(() => this.#cost.addStep(path));
      if (choice.members.plain.length === 0) throw nothingButItself(path);
    };
    // First what many others lead to, and the last ones first: those before them lead to them.
    for (const { shape, path } of [...this.#definitions.values()].reverse()) {
      if (shape instanceof Choice) settle(shape, path);
    }
    for (const [choice, path] of this.#choices.reverse()) settle(choice, path);
  }

  /**
   * What is sent: the root with the `$defs` in use.
   *
   * @throws {CodexOutputSchemaError} If the CLI does not read it.
   */
  sent(root: JsonObject): JsonObject {
    const named = [...this.#definitions.values()]
      .filter(({ name }) => name !== "");
    const sent = named.length === 0 ? root : {
      ...root,
      $defs: Object.fromEntries(
        named.map(({ name, shape }) => [name, shape?.schema() ?? {}]),
      ),
    };
    // null for a property that may be left out lies deeper than the property did.
    const deepest = tooDeepIn(sent, MAX_SCHEMA_DEPTH);
    if (deepest === undefined) return sent;
    const [holder, name, ...keys] = deepest;
    const definition = holder === "$defs"
      ? named.find((one) => one.name === name)
      : undefined;
    throw tooDeep(
      definition === undefined
        ? placeOf(deepest)
        : definition.path + placeOf(keys),
    );
  }

  #walk(schema: JsonValue | undefined, path: string, depth: number): Shape {
    checkDepth(depth, path);
    const shape = this.#shapeOf(schema, path, depth);
    if (shape instanceof Choice) this.#choices.push([shape, path]);
    return shape;
  }

  #shapeOf(schema: JsonValue | undefined, path: string, depth: number): Shape {
    if (!isObject(schema)) throw shapeless(schema !== false, path);
    if (typeof schema.$ref === "string") return this.#reference(schema, path);
    const merged = mergeAllOf(
      schema,
      path,
      depth,
      (part) => this.#references.resolve(part, path),
    );
    return this.#walkMerged(merged.schema, merged.more, path, depth);
  }

  #walkMerged(
    schema: JsonObject,
    more: readonly JsonObject[],
    path: string,
    depth: number,
  ): Shape {
    const walk: Walk = (inner, place) => this.#walk(inner, place, depth + 1);
    const members = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(members)) {
      if (schema.properties !== undefined) {
        throw refusal(
          "an object that is a union as well",
          path,
          "the model's strict mode cannot have both; write the properties into each member of the union",
        );
      }
      const shapes = members.map((member) => walk(member, path));
      if (shapes.length === 0) throw shapeless(false, path);
      return unionShape(textsOf(schema), shapes);
    }
    if ("const" in schema || "enum" in schema) {
      return literalShape(schema, path);
    }
    if (Array.isArray(schema.type)) {
      const { title: _, description: __, ...rest } = schema;
      // Each once: a list of types may be longer than there are types.
      const shapes = [...new Set(schema.type)].map((type) =>
        this.#walkMerged({ ...rest, type }, more, path, depth)
      );
      return unionShape(textsOf(schema), shapes);
    }
    switch (typeOf(schema)) {
      case "object":
        return objectShape(
          schema,
          path,
          walk,
          (...part) => this.#cost.addPart(...part),
        );
      case "array":
        return arrayShape(schema, path, walk);
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
        target: this.#references.follow(reference, path),
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
}

/** The place in the answer that a place in what is sent speaks of, up to a definition. */
function placeOf(keys: readonly PropertyKey[]): string {
  const place: PropertyKey[] = [];
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i];
    if (key === "items") place.push(0);
    else {
      // The key after `properties` is a name, that after `anyOf` an index.
      i += 1;
      const name = keys[i];
      if (key === "properties" && name !== undefined) place.push(name);
    }
  }
  return jsonPointer(place);
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
