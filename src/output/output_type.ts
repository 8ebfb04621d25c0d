import { CodexInputError } from "../errors/codex_error.ts";
import type {
  CustomOutputType,
  OutputType,
  StandardOutputType,
} from "../options/options.ts";
import type { JsonObject } from "../protocol/json.ts";
import { jsonPointer } from "../util/text.ts";
import { type Issue, readIssue, readIssues } from "./issues.ts";
import { checkOutputSchema, TYPE_SCHEMA_NAME } from "./output_schema.ts";
import { memoize } from "../util/memoize.ts";
import { missingJsonSchema } from "./unsupported.ts";
import { needsZodCore, zodJsonSchema } from "./zod_schema.ts";
import {
  isZodType,
  loadZodCore,
  readWithZod,
  type ZodCore,
  type ZodResult,
  type ZodType,
} from "./zod_type.ts";
import { isThenable } from "../util/is_thenable.ts";
import { isPromise } from "../util/realms.ts";

/** The result of validating a value with a type. */
export type Validation<T> =
  | { readonly value: T }
  | { readonly issues: readonly Issue[]; readonly cause?: unknown };

/** A common interface to the types of all libraries. */
export interface TypeAdapter<T> {
  /**
   * Returns the JSON Schema that the type's library generates, the same object each time.
   * The library is called only once for each type, since types do not change; metadata
   * added to a registry later is not seen. The schema of `{ schema, parse }` may change
   * between turns.
   */
  schema(): JsonObject;
  /** Validates a value; returns a promise if the type validates asynchronously. */
  validate(value: unknown): Validation<T> | Promise<Validation<T>>;
}

/** Loads zod's core if the type needs it; most types do not. */
export async function loadZodCoreFor(
  type: unknown,
): Promise<ZodCore | undefined> {
  return isZodType(type) && needsZodCore(type)
    ? await loadZodCore()
    : undefined;
}

/** The JSON Schemas of the types seen so far. */
const SCHEMAS = new WeakMap<object, JsonObject>();

function memoizeSchema(type: object, make: () => JsonObject): JsonObject {
  return memoize(SCHEMAS, type, make);
}

/**
 * Adapts a type of any library.
 *
 * @param zodCore Returns the module that {@linkcode loadZodCoreFor} has loaded for the
 * type.
 * @param name The name of the type in messages.
 * @throws {CodexInputError} If it is not a type of a known kind.
 */
export function adaptType<T>(
  type: OutputType<T>,
  zodCore: () => ZodCore,
  name = "outputType",
): TypeAdapter<T> {
  if (isObjectLike(type)) {
    if (isZodType(type)) return adaptZodType(type as ZodType<T>, zodCore);
    if ("~standard" in type) return adaptStandardType(type, name);
    if ("schema" in type && typeof type.parse === "function") {
      return adaptCustomType(type, name);
    }
  }
  if (isZod3Type(type)) throw zod3Error(name);
  throw new CodexInputError(
    `${name} must be a zod 4 schema, a Standard Schema or { schema, parse }${
      name === "outputType" ? "; for a JSON Schema use outputSchema" : ""
    }`,
    { path: name },
  );
}

/** Tells whether a value is a zod 3 type, by the name that only its types have. */
function isZod3Type(value: unknown): boolean {
  if (!isObjectLike(value)) return false;
  const { typeName } = Object(Reflect.get(value, "_def")) as {
    readonly typeName?: unknown;
  };
  return typeof typeName === "string" && typeName.startsWith("Zod");
}

function zod3Error(name: string): CodexInputError {
  return new CodexInputError(
    `${name} is a type of zod 3, which has no JSON Schema: create it with zod 4, or with "zod/v4", which zod 3.25 has too`,
    { path: name },
  );
}

function isObjectLike(value: unknown): value is object {
  return typeof value === "function" ||
    typeof value === "object" && value !== null;
}

function adaptZodType<T>(
  type: ZodType<T>,
  zodCore: () => ZodCore,
): TypeAdapter<T> {
  return {
    schema: () => memoizeSchema(type, () => zodJsonSchema(type, zodCore)),
    validate(value): Validation<T> | Promise<Validation<T>> {
      const result = readWithZod(type, value, zodCore);
      return isPromise(result)
        ? result.then(readZodResult)
        : readZodResult(result);
    },
  };
}

function readZodResult<T>(result: ZodResult<T>): Validation<T> {
  return result.success ? { value: result.data } : {
    issues: result.error.issues.map(({ path, message }) => ({
      path: jsonPointer(path),
      message,
    })),
    cause: result.error,
  };
}

function adaptStandardType<T>(
  type: StandardOutputType<T>,
  name: string,
): TypeAdapter<T> {
  const standard = type["~standard"];
  return {
    schema: () => memoizeSchema(type, () => standardJsonSchema(standard, name)),
    validate(value): Validation<T> | Promise<Validation<T>> {
      const result = standard.validate(value);
      return "then" in result
        ? Promise.resolve(result).then(readStandardResult)
        : readStandardResult(result);
    },
  };
}

function readStandardResult<T>(
  result: Awaited<
    ReturnType<StandardOutputType<T>["~standard"]["validate"]>
  >,
): Validation<T> {
  if (result.issues === undefined) return { value: result.value };
  return { issues: result.issues.map(readIssue) };
}

function standardJsonSchema(
  { jsonSchema, vendor }: StandardOutputType<unknown>["~standard"],
  name: string,
): JsonObject {
  if (jsonSchema === undefined) {
    if (vendor === "zod") throw zod3Error(name);
    throw new CodexInputError(
      `${name} is a schema of ${vendor} without a JSON Schema: wrap it in its converter (for valibot, toStandardJsonSchema of @valibot/to-json-schema), or pass { schema, parse }${
        name === "outputType" ? ", or an outputSchema with it" : ""
      }`,
      { path: name },
    );
  }
  let cause: unknown;
  for (const target of ["draft-2020-12", "draft-07"] as const) {
    try {
      return checkOutputSchema(jsonSchema.input({ target }), TYPE_SCHEMA_NAME);
    } catch (error) {
      cause ??= error;
    }
  }
  throw missingJsonSchema(cause);
}

function adaptCustomType<T>(
  type: CustomOutputType<T>,
  name: string,
): TypeAdapter<T> {
  const schemaName = name === "outputType" ? undefined : `${name}s schema`;
  const failed = (cause: unknown): Validation<T> => ({
    issues: readIssues(cause),
    cause,
  });
  return {
    schema: () => checkOutputSchema(type.schema, schemaName),
    validate(value): Validation<T> | Promise<Validation<T>> {
      try {
        const result = type.parse(value);
        // A query of a database is thenable, and no promise.
        return isThenable(result)
          ? Promise.resolve(result).then((value) => ({ value }), failed)
          : { value: result };
      } catch (error) {
        return failed(error);
      }
    },
  };
}
