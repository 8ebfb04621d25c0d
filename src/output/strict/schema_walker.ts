import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { jsonPointer } from "../../util/text.ts";
import { arrayCodec } from "./array_codec.ts";
import { leafCodec, literalCodec } from "./leaf_codecs.ts";
import { mergeAllOf } from "./merge_all_of.ts";
import { findTooDeep } from "../../util/nesting.ts";
import { objectCodec, type Walk } from "./object_codec.ts";
import { References, unsupportedSelfReference } from "./references.ts";
import { unsupported, unsupportedSchema } from "../unsupported.ts";
import { MAX_SCHEMA_DEPTH } from "../schema_limits.ts";
import { checkDepth, unsupportedDepth, WalkCost } from "./walk_limits.ts";
import { ChoiceCodec, type Codec, readAnnotations } from "./codec.ts";
import { unionCodec, withAnnotations } from "./union_codec.ts";

/** A definition in use. Its codec is set once it has been walked. */
interface Definition {
  readonly name: string;
  readonly target: JsonObject;
  /** The first path in the answer that refers to it. */
  readonly path: string;
  codec: Codec | undefined;
}

/** Walks one JSON Schema, and creates its codecs. */
export class SchemaWalker {
  readonly #cost = new WalkCost();
  readonly #references: References;
  /** The definitions in use, by reference. */
  readonly #definitions = new Map<string, Definition>();
  /** The names given to definitions, and the number of times that each was requested. */
  readonly #names = new Map<string, number>();
  /** The unions and references, each with its path in the answer. */
  readonly #choices: [choice: ChoiceCodec, path: string][] = [];

  constructor(root: JsonObject) {
    this.#references = new References(root, this.#cost);
  }

  /** Walks the schema and everything that it refers to; returns the codec of the root. */
  walkRoot(): Codec {
    this.#cost.addPart(this.#references.root, "");
    // If the root only refers to a definition, the definition becomes the root.
    const root = this.#references.resolve(this.#references.root, "");
    // It is sent as the root, and references to it remain references.
    const definition = isPlainObject(root)
      ? this.#define("#", {
        name: "",
        target: root,
        path: "",
        codec: undefined,
      })
      : undefined;
    const codec = this.#walk(root, "", 1);
    if (definition !== undefined) definition.codec = codec;
    // One after another, including those found on the way: walking a long chain of
    // definitions recursively would overflow the stack.
    for (const definition of this.#definitions.values()) {
      definition.codec ??= this.#walk(definition.target, definition.path, 1);
    }
    this.#resolveChoices();
    return codec;
  }

  /** Resolves the members of unions and references. */
  #resolveChoices(): void {
    const resolve = (choice: ChoiceCodec, path: string): void => {
      choice.resolve(() => this.#cost.addStep(path));
      if (choice.members.plain.length === 0) {
        throw unsupportedSelfReference(path);
      }
    };
    // Definitions first, since many choices lead to them; and the last ones first, since
    // earlier ones lead to later ones.
    for (const { codec, path } of [...this.#definitions.values()].reverse()) {
      if (codec instanceof ChoiceCodec) resolve(codec, path);
    }
    for (const [choice, path] of this.#choices.reverse()) resolve(choice, path);
  }

  /**
   * Adds the `$defs` in use to the root.
   *
   * @throws {CodexOutputSchemaError} If the result is nested too deeply for the CLI.
   */
  addDefinitions(root: JsonObject): JsonObject {
    const named = [...this.#definitions.values()]
      .filter(({ name }) => name !== "");
    const sent = named.length === 0 ? root : {
      ...root,
      $defs: Object.fromEntries(
        named.map(({ name, codec }) => [name, codec?.schema() ?? {}]),
      ),
    };
    // Making an optional property nullable nests it one level deeper.
    const tooDeep = findTooDeep(sent, MAX_SCHEMA_DEPTH);
    if (tooDeep === undefined) return sent;
    const [holder, name, ...keys] = tooDeep;
    const definition = holder === "$defs"
      ? named.find((one) => one.name === name)
      : undefined;
    throw unsupportedDepth(
      definition === undefined
        ? answerPath(tooDeep)
        : definition.path + answerPath(keys),
    );
  }

  #walk(schema: JsonValue | undefined, path: string, depth: number): Codec {
    checkDepth(depth, path);
    const codec = this.#makeCodec(schema, path, depth);
    if (codec instanceof ChoiceCodec) this.#choices.push([codec, path]);
    return codec;
  }

  #makeCodec(
    schema: JsonValue | undefined,
    path: string,
    depth: number,
  ): Codec {
    if (!isObject(schema)) throw unsupportedSchema(schema !== false, path);
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
  ): Codec {
    const walk: Walk = (inner, innerPath) =>
      this.#walk(inner, innerPath, depth + 1);
    const members = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(members)) {
      if (schema.properties !== undefined) {
        throw unsupported(
          path,
          "an object that is also a union is not possible in strict mode; move the properties into each member of the union",
        );
      }
      const codecs = members.map((member) => walk(member, path));
      if (codecs.length === 0) throw unsupportedSchema(false, path);
      return unionCodec(readAnnotations(schema), codecs);
    }
    if ("const" in schema || "enum" in schema) {
      return literalCodec(schema, path);
    }
    if (Array.isArray(schema.type)) {
      const { title: _, description: __, ...rest } = schema;
      // Without duplicates: the list may be longer than there are types.
      const codecs = [...new Set(schema.type)].map((type) =>
        this.#walkMerged({ ...rest, type }, more, path, depth)
      );
      return unionCodec(readAnnotations(schema), codecs);
    }
    switch (inferType(schema)) {
      case "object":
        return objectCodec(
          schema,
          path,
          walk,
          (...part) => this.#cost.addPart(...part),
        );
      case "array":
        return arrayCodec(schema, path, walk);
      case "string":
      case "number":
      case "integer":
      case "boolean":
      case "null":
        return leafCodec(String(inferType(schema)), schema, more);
      default:
        throw unsupportedSchema(schema, path);
    }
  }

  /**
   * Creates the codec of a reference. It remains a reference, since the definition may
   * contain itself.
   */
  #reference(schema: JsonObject, path: string): Codec {
    const reference = String(schema.$ref);
    const definition = this.#definitions.get(reference) ??
      this.#define(reference, {
        name: this.#chooseName(reference),
        target: this.#references.follow(reference, path),
        path,
        codec: undefined,
      });
    const { name } = definition;
    return new ChoiceCodec(
      () =>
        withAnnotations(readAnnotations(schema), {
          $ref: name === "" ? "#" : `#${jsonPointer(["$defs", name])}`,
        }),
      () => definition.codec === undefined ? [] : [definition.codec],
    );
  }

  #define(reference: string, definition: Definition): Definition {
    this.#definitions.set(reference, definition);
    return definition;
  }

  /** Chooses a unique name for a definition. */
  #chooseName(reference: string): string {
    const name = this.#references.nameFor(reference);
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

/**
 * Maps a path in the schema that is sent to the path in the answer, up to a definition.
 */
function answerPath(keys: readonly PropertyKey[]): string {
  const path: PropertyKey[] = [];
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i];
    if (key === "items") path.push(0);
    else {
      // `properties` is followed by a name, `anyOf` by an index.
      i += 1;
      const name = keys[i];
      if (key === "properties" && name !== undefined) path.push(name);
    }
  }
  return jsonPointer(path);
}

/** Tells whether a schema only describes an object. */
function isPlainObject(schema: JsonObject): boolean {
  const others = ["anyOf", "oneOf", "const", "enum", "$ref"];
  return (inferType(schema) === "object" ||
    schema.type === undefined && Array.isArray(schema.allOf)) &&
    others.every((key) => schema[key] === undefined);
}

/** Returns a schema's type; if there is none, infers it from the keywords. */
function inferType(schema: JsonObject): JsonValue | undefined {
  if (schema.type !== undefined) return schema.type;
  if (isObject(schema.properties)) return "object";
  return "items" in schema || "prefixItems" in schema ? "array" : undefined;
}
