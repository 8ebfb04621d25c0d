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
 * The output that a turn requests, and the way to read its answer. Each turn has its own
 * object, built from parts that are memoized for each type or schema.
 */
export interface StructuredOutput<T> {
  /** The JSON Schema that is sent; `undefined` if the answer is free text. */
  readonly schema: JsonObject | undefined;
  /** The parts of the caller's own schema that strict mode does not accept. */
  readonly warnings?: readonly string[];
  /**
   * The JSON pointer to the type's value in the answer; empty if it is the whole
   * answer.
   */
  readonly valuePath?: string;
  /**
   * The number of times that the model may correct an answer that does not match.
   *
   * @default {0}
   */
  readonly repair?: number;
  /**
   * Reads the answer; returns a promise if the type validates asynchronously. Throws, or
   * rejects with, {@linkcode CodexStructuredResponseError} if the answer does not match.
   */
  read(text: string): T | Promise<T>;
}

/**
 * Prepares a turn's output: checks the schema, or generates it from the type.
 *
 * @throws {CodexOutputSchemaError} If the schema cannot be sent, or the type has no
 * schema.
 * @throws {CodexInputError} If `outputType` is not a type.
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

/** The options of a turn that concern its output. */
export type StructuredOutputOptions<T> = Pick<
  TurnOptions<T>,
  "outputSchema" | "outputType" | "strict" | "repair"
>;

/**
 * Prepares a turn's output like {@linkcode structuredOutput}, without waiting.
 *
 * @param zodCore Returns zod's core; called only for types that need it.
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
    // Without a type, the answer's type is unknown, so the caller's `T` is trusted.
    read: (text) => parseJson(text) as T,
  };
}

// The keys are the schemas of `outputSchema` or of a type, which remain the same objects.

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

/** The issue of an answer that lacks the object that wraps its value. */
const MISSING_WRAPPER = 'must be an object with the property "value"';

/** Returns the form of a schema that is sent unchanged. */
function unchangedForm(schema: JsonObject): StrictForm {
  return {
    schema,
    valuePath: "",
    decode: (answer) => ({ value: answer }),
  };
}
