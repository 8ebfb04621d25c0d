import { CodexInputError } from "../errors/codex_error.ts";
import type {
  CustomOutputType,
  OutputType,
  StandardOutputType,
} from "../options/options.ts";
import type { JsonObject } from "../protocol/json.ts";
import { jsonPointer } from "../util/text.ts";
import { type Issue, issueOf, issuesOf } from "./issues.ts";
import { checkOutputSchema, TYPES_SCHEMA } from "./output_schema.ts";
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
export type Verdict<T> =
  | { readonly value: T }
  | { readonly issues: readonly Issue[]; readonly cause?: unknown };

/** A type, whatever library it is of. */
export interface TypeReader<T> {
  /**
   * Its JSON Schema, as its library writes it, and the same one each time. A type of a
   * library is asked once, since it does not change; metadata that are put into a
   * registry for it later are not seen. The schema of `{ schema, parse }` may be
   * changed between turns.
   */
  schema(): JsonObject;
  /** What it makes of a value; a promise where its validation is asynchronous. */
  judge(value: unknown): Verdict<T> | Promise<Verdict<T>>;
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

function schemaOf(type: object, make: () => JsonObject): JsonObject {
  return memoize(SCHEMAS, type, make);
}

/**
 * A type as one that can be asked for and read, whatever library it is of.
 *
 * @param zodCore Gives what {@linkcode loadZodCoreFor} loads for the type.
 * @throws {CodexInputError} If it is none.
 */
export function typeReader<T>(
  type: OutputType<T>,
  zodCore: () => ZodCore,
): TypeReader<T> {
  if (isKeyed(type)) {
    if (isZodType(type)) return zodReader(type as ZodType<T>, zodCore);
    if ("~standard" in type) return standardReader(type);
    if ("schema" in type && typeof type.parse === "function") {
      return customReader(type);
    }
  }
  throw new CodexInputError(
    "outputType must be a zod 4 schema, a Standard Schema or { schema, parse }; for a JSON Schema use outputSchema",
    { path: "outputType" },
  );
}

function isKeyed(value: unknown): value is object {
  return typeof value === "function" ||
    typeof value === "object" && value !== null;
}

function zodReader<T>(
  type: ZodType<T>,
  zodCore: () => ZodCore,
): TypeReader<T> {
  return {
    schema: () => schemaOf(type, () => zodJsonSchema(type, zodCore)),
    judge(value): Verdict<T> | Promise<Verdict<T>> {
      const result = readWithZod(type, value, zodCore);
      return result instanceof Promise
        ? result.then(zodVerdict)
        : zodVerdict(result);
    },
  };
}

function zodVerdict<T>(result: ZodResult<T>): Verdict<T> {
  return result.success ? { value: result.data } : {
    issues: result.error.issues.map(({ path, message }) => ({
      path: jsonPointer(path),
      message,
    })),
    cause: result.error,
  };
}

function standardReader<T>(type: StandardOutputType<T>): TypeReader<T> {
  const standard = type["~standard"];
  return {
    schema: () => schemaOf(type, () => standardJsonSchema(standard)),
    judge(value): Verdict<T> | Promise<Verdict<T>> {
      const result = standard.validate(value);
      return "then" in result
        ? Promise.resolve(result).then(standardVerdict)
        : standardVerdict(result);
    },
  };
}

function standardVerdict<T>(
  result: Awaited<
    ReturnType<StandardOutputType<T>["~standard"]["validate"]>
  >,
): Verdict<T> {
  if (result.issues === undefined) return { value: result.value };
  return { issues: result.issues.map(issueOf) };
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
      return checkOutputSchema(jsonSchema.input({ target }), TYPES_SCHEMA);
    } catch (error) {
      cause ??= error;
    }
  }
  throw missingJsonSchema(cause);
}

function customReader<T>(type: CustomOutputType<T>): TypeReader<T> {
  const failed = (cause: unknown): Verdict<T> => ({
    issues: issuesOf(cause),
    cause,
  });
  return {
    schema: () => checkOutputSchema(type.schema),
    judge(value): Verdict<T> | Promise<Verdict<T>> {
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
