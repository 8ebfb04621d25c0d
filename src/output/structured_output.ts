import type * as zod from "zod/v4/core";
import { CodexInputError, CodexOutputSchemaError } from "../errors.ts";
import type { OutputType, TurnOptions } from "../options.ts";
import type { JsonObject } from "../protocol/json.ts";
import { jsonPointer } from "../text.ts";
import { CodexStructuredResponseError } from "../turn_errors.ts";
import { checkOutputSchema } from "./output_schema.ts";
import { strictSchema } from "./strict_schema.ts";

/** What a turn asks of its answer, and how the answer is read. */
export interface StructuredOutput<T> {
  /** The JSON Schema that is sent; nothing where the answer is free text. */
  readonly schema: JsonObject | undefined;
  /** Reads the answer; throws {@linkcode CodexStructuredResponseError} if it is not what was asked for. */
  read(text: string): T;
}

/**
 * Prepares a turn's output: checks the schema, or makes it from the type.
 *
 * @throws {CodexOutputSchemaError} For a schema that cannot be sent, or a type
 * that has no schema.
 */
export async function structuredOutput<T>(
  options: TurnOptions<T>,
): Promise<StructuredOutput<T>> {
  const { outputSchema, outputType } = options;
  const schema = outputSchema === undefined || outputSchema === null
    ? undefined
    : checkOutputSchema(outputSchema);
  if (outputType !== undefined && outputType !== null) {
    return await typedOutput(outputType, schema);
  }
  return {
    schema,
    // Without a type there is nothing to say what the answer is: T is unknown.
    read: schema === undefined ? refuse : (text) => parseJson(text) as T,
  };
}

function refuse(text: string): never {
  throw new CodexStructuredResponseError(
    "No output schema available for validating structured response. Provide an `outputType` or `outputSchema` to enable validation.",
    text,
    [],
  );
}

async function typedOutput<T>(
  type: OutputType<T>,
  schema: JsonObject | undefined,
): Promise<StructuredOutput<T>> {
  if (!isZodSchema(type)) {
    throw new CodexInputError(
      "outputType must be a zod 4 schema; for a JSON Schema use outputSchema",
      "outputType",
    );
  }
  // zod is the caller's already; it is not loaded for turns without a type.
  const z: typeof zod = await import("zod/v4/core");
  return {
    schema: schema ?? strictSchema(jsonSchemaOf(z, type)),
    read(text): T {
      const result = z.safeParse(type, parseJson(text));
      if (result.success) return result.data;
      throw new CodexStructuredResponseError(
        "Failed to validate structured response against output schema.",
        text,
        result.error.issues.map((issue) => ({
          path: jsonPointer(issue.path),
          message: issue.message,
        })),
        undefined,
        result.error,
      );
    },
  };
}

function isZodSchema<T>(type: OutputType<T>): type is zod.$ZodType<T> {
  return typeof type === "object" && type !== null && "_zod" in type;
}

/** The schema of what the model is to write: the side that goes into the type. */
function jsonSchemaOf(z: typeof zod, type: zod.$ZodType): JsonObject {
  try {
    return z.toJSONSchema(type, { io: "input" }) as JsonObject;
  } catch (cause) {
    const path = unrepresentablePath(z, type);
    const reason = cause instanceof Error
      ? cause.message
      : "it has no JSON Schema";
    throw new CodexOutputSchemaError(
      `Cannot ask for this output type${path && ` at "${path}"`}: ${reason}`,
      path,
      cause,
    );
  }
}

/** Where a type first holds what JSON Schema has no word for; empty where zod does not tell. */
function unrepresentablePath(z: typeof zod, type: zod.$ZodType): string {
  let found: string | undefined;
  try {
    z.toJSONSchema(type, {
      io: "input",
      unrepresentable({ path }): "any" {
        found ??= jsonPointer(path);
        return "any";
      },
    });
  } catch {
    // The type has another fault: the first one is told.
  }
  return found ?? "";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CodexStructuredResponseError(
      "Failed to parse structured response as JSON.",
      text,
      [],
      undefined,
      cause,
    );
  }
}
