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

/** What a type makes of a value. */
export type Validation<T> =
  | { readonly value: T }
  | { readonly issues: readonly Issue[]; readonly cause?: unknown };

/** A type, whatever library it is of. */
export interface TypeAdapter<T> {
  /**
   * Its JSON Schema, as its library writes it, and the same one each time. A type of a
   * library is asked once, since it does not change; metadata that are put into a
   * registry for it later are not seen. The schema of `{ schema, parse }` may be
   * changed between turns.
   */
  schema(): JsonObject;
  /** What it makes of a value; a promise where its validation is asynchronous. */
  validate(value: unknown): Validation<T> | Promise<Validation<T>>;
}

/** Loads what a type is read with; nothing for most, which bring it along. */
export async function loadZodCoreFor(
  type: unknown,
): Promise<ZodCore | undefined> {
  return isZodType(type) && needsZodCore(type)
    ? await loadZodCore()
    : undefined;
}

/** The JSON Schemas of libraries' types that were seen before. */
const SCHEMAS = new WeakMap<object, JsonObject>();

function memoizeSchema(type: object, make: () => JsonObject): JsonObject {
  return memoize(SCHEMAS, type, make);
}

/**
 * A type as one that can be asked for and read, whatever library it is of.
 *
 * @param zodCore Gives what {@linkcode loadZodCoreFor} loads for the type.
 * @throws {CodexInputError} If it is none.
 */
export function adaptType<T>(
  type: OutputType<T>,
  zodCore: () => ZodCore,
): TypeAdapter<T> {
  if (isObjectLike(type)) {
    if (isZodType(type)) return adaptZodType(type as ZodType<T>, zodCore);
    if ("~standard" in type) return adaptStandardType(type);
    if ("schema" in type && typeof type.parse === "function") {
      return adaptCustomType(type);
    }
  }
  throw new CodexInputError(
    "outputType must be a zod 4 schema, a Standard Schema or { schema, parse }; for a JSON Schema use outputSchema",
    { path: "outputType" },
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
      return result instanceof Promise
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

function adaptStandardType<T>(type: StandardOutputType<T>): TypeAdapter<T> {
  const standard = type["~standard"];
  return {
    schema: () => memoizeSchema(type, () => standardJsonSchema(standard)),
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
): JsonObject {
  if (jsonSchema === undefined) {
    throw new CodexInputError(
      `outputType is a schema of ${vendor} that gives no JSON Schema: wrap it in its converter (for valibot, toStandardJsonSchema of @valibot/to-json-schema), or give { schema, parse }, or an outputSchema beside it`,
      { path: "outputType" },
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

function adaptCustomType<T>(type: CustomOutputType<T>): TypeAdapter<T> {
  const failed = (cause: unknown): Validation<T> => ({
    issues: readIssues(cause),
    cause,
  });
  return {
    schema: () => checkOutputSchema(type.schema),
    validate(value): Validation<T> | Promise<Validation<T>> {
      try {
        const result = type.parse(value);
        return result instanceof Promise
          ? result.then((value: T) => ({ value }), failed)
          : { value: result };
      } catch (error) {
        return failed(error);
      }
    },
  };
}
