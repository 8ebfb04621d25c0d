import { CodexInputError, CodexInternalError } from "../errors/codex_error.ts";
import type { OutputType, TurnOptions } from "../options/options.ts";
import type { JsonObject } from "../protocol/json.ts";
import { CodexStructuredResponseError } from "../errors/turn_errors.ts";
import { deepFreeze } from "../util/deep_freeze.ts";
import { memoize } from "../util/memoize.ts";
import { checkOutputSchema } from "./output_schema.ts";
import { parseJson, validateAnswer } from "./read_answer.ts";
import { adaptType, loadZodCoreFor } from "./output_type.ts";
import { schemaWarnings } from "./schema_warnings.ts";
import { type StrictForm, strictForm } from "./strict/strict_form.ts";
import type { ZodCore } from "./zod_type.ts";

/**
 * What a turn asks of its answer, and how the answer is read. Made anew for each
 * turn, of parts that are made once for each type or schema.
 */
export interface StructuredOutput<T> {
  /** The JSON Schema that is sent; nothing where the answer is free text. */
  readonly schema: JsonObject | undefined;
  /** What the model's strict mode will not take in a schema of the caller's own. */
  readonly warnings?: readonly string[];
  /** Where in the answer the type's value stands, as a JSON pointer; empty where it is the answer. */
  readonly valuePath?: string;
  /**
   * How often an answer that is not what was asked for is sent back.
   *
   * @default {0}
   */
  readonly repair?: number;
  /**
   * Reads the answer, later where the type validates asynchronously; throws, or
   * rejects with, {@linkcode CodexStructuredResponseError} if it is not what was
   * asked for.
   */
  read(text: string): T | Promise<T>;
}

/**
 * Prepares a turn's output: checks the schema, or makes it from the type.
 *
 * @throws {CodexOutputSchemaError} For a schema that cannot be sent, or a type
 * that has no schema.
 * @throws {CodexInputError} For an `outputType` that is no type.
 */
export async function structuredOutput<T>(
  options: StructuredOutputOptions<T>,
): Promise<StructuredOutput<T>> {
  const zodCore = await loadZodCoreFor(options.outputType);
  return structuredOutputSync(options, () => {
    if (zodCore !== undefined) return zodCore;
    throw new CodexInternalError("Zod is needed and has not been loaded");
  });
}

/** The options of a turn that are about its output. */
export type StructuredOutputOptions<T> = Pick<
  TurnOptions<T>,
  "outputSchema" | "outputType" | "strict" | "repair"
>;

/**
 * As {@linkcode structuredOutput}, without waiting.
 *
 * @param zodCore Gives what reads types of zod that do not read themselves; asked for
 * it only if it is needed.
 */
export function structuredOutputSync<T>(
  options: StructuredOutputOptions<T>,
  zodCore: () => ZodCore,
): StructuredOutput<T> {
  const { outputSchema, outputType, strict, repair } = options;
  const schema = outputSchema === undefined || outputSchema === null
    ? undefined
    : checkOutputSchema(outputSchema);
  if (outputType !== undefined && outputType !== null) {
    const output = typedOutput(outputType, schema, strict ?? true, zodCore);
    return { ...output, repair: repair ?? 0 };
  }
  if (schema === undefined) {
    if (repair) {
      throw new CodexInputError(
        "repair needs an outputType or an outputSchema: without one there is nothing that an answer could fail",
        { path: "repair" },
      );
    }
    return { schema, read: failWithoutSchema };
  }
  return {
    schema,
    repair: repair ?? 0,
    warnings: findWarnings(schema),
    // Without a type there is nothing to say what the answer is: T is unknown.
    read: (text) => parseJson(text) as T,
  };
}

// By the schema that an outputSchema or a type gives, which is the same each time.

const WARNINGS = new WeakMap<JsonObject, readonly string[]>();
const FORMS = new WeakMap<JsonObject, StrictForm>();

function findWarnings(schema: JsonObject): readonly string[] {
  return memoize(WARNINGS, schema, () => deepFreeze(schemaWarnings(schema)));
}

function findStrictForm(schema: JsonObject): StrictForm {
  return memoize(FORMS, schema, () => {
    const form = strictForm(schema);
    return { ...form, schema: deepFreeze(form.schema) };
  });
}

function failWithoutSchema(text: string): never {
  throw new CodexStructuredResponseError(
    "No output schema available for validating structured response. Provide an `outputType` or `outputSchema` to enable validation.",
    { responseText: text, issues: [] },
  );
}

function typedOutput<T>(
  type: OutputType<T>,
  own: JsonObject | undefined,
  isStrict: boolean,
  zodCore: () => ZodCore,
): StructuredOutput<T> {
  const adapter = adaptType(type, zodCore);
  const written = own ?? adapter.schema();
  const form = own === undefined && isStrict
    ? findStrictForm(written)
    : unchangedForm(written);
  return {
    schema: form.schema,
    warnings: own === undefined ? [] : findWarnings(own),
    valuePath: form.valuePath,
    read(text): T | Promise<T> {
      const answer = parseJson(text);
      return validateAnswer(text, () => {
        const decoded = form.decode(answer);
        return decoded === undefined
          ? { issues: [{ path: "", message: MISSING_WRAPPER }] }
          : adapter.validate(decoded.value);
      });
    },
  };
}

/** What is wrong with an answer that lacks the object around a value that is none. */
const MISSING_WRAPPER = 'must be an object with the property "value"';

/** The form of a schema that is sent as it is. */
function unchangedForm(schema: JsonObject): StrictForm {
  return {
    schema,
    valuePath: "",
    decode: (answer) => ({ value: answer }),
  };
}
