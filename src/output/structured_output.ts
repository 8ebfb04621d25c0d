import { CodexInputError, CodexInternalError } from "../errors/codex_error.ts";
import type { OutputType, TurnOptions } from "../options/options.ts";
import type { JsonObject } from "../protocol/json.ts";
import { jsonPointer } from "../util/text.ts";
import { CodexStructuredResponseError } from "../errors/turn_errors.ts";
import { freeze, once } from "../util/memoize.ts";
import { isStackOverflow, tooDeepIn } from "../util/nesting.ts";
import { checkOutputSchema } from "./output_schema.ts";
import { loadZodCoreFor, typeReader, type Verdict } from "./output_type.ts";
import { schemaWarnings } from "./schema_warnings.ts";
import { type StrictForm, strictForm } from "./strict/strict_form.ts";
import type { ZodCore } from "./zod_type.ts";

/**
 * How deep objects and arrays may be nested in an answer. The libraries that read it
 * take some thousand levels, less where a type has much at each.
 */
const MAX_ANSWER_DEPTH = 500;

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
  readonly place?: string;
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
  return structuredOutputNow(options, () => {
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
export function structuredOutputNow<T>(
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
    return { schema, read: refuse };
  }
  return {
    schema,
    repair: repair ?? 0,
    warnings: warningsOf(schema),
    // Without a type there is nothing to say what the answer is: T is unknown.
    read: (text) => parseJson(text) as T,
  };
}

// By the schema that an outputSchema or a type gives, which is the same each time.

const WARNINGS = new WeakMap<JsonObject, readonly string[]>();
const FORMS = new WeakMap<JsonObject, StrictForm>();

function warningsOf(schema: JsonObject): readonly string[] {
  return once(WARNINGS, schema, () => freeze(schemaWarnings(schema)));
}

function strictFormOf(schema: JsonObject): StrictForm {
  return once(FORMS, schema, () => {
    const form = strictForm(schema);
    return { ...form, schema: freeze(form.schema) };
  });
}

function refuse(text: string): never {
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
  const reader = typeReader(type, zodCore);
  const written = own ?? reader.schema();
  const form = own === undefined && isStrict
    ? strictFormOf(written)
    : asItIs(written);
  return {
    schema: form.schema,
    warnings: own === undefined ? [] : warningsOf(own),
    place: form.place,
    read(text): T | Promise<T> {
      const answer = parseJson(text);
      return judged(text, () => {
        const restored = form.restore(answer);
        return restored === undefined
          ? { issues: [{ path: "", message: UNWRAPPED }] }
          : reader.judge(restored.value);
      });
    },
  };
}

/** What is wrong with an answer that lacks the object around a value that is none. */
const UNWRAPPED = 'must be an object with the property "value"';

/** What a type makes of an answer. */
function judged<T>(
  text: string,
  judge: () => Verdict<T> | Promise<Verdict<T>>,
): T | Promise<T> {
  let verdict: Verdict<T> | Promise<Verdict<T>>;
  try {
    verdict = judge();
  } catch (error) {
    throw explained(error, text);
  }
  return verdict instanceof Promise
    ? verdict.then(
      (judged) => valueOf(judged, text),
      (error) => {
        throw explained(error, text);
      },
    )
    : valueOf(verdict, text);
}

/**
 * What a type has thrown, or what is wrong with the answer where that is a full
 * stack: a type may take much of it for each level.
 */
function explained(error: unknown, text: string): unknown {
  if (!isStackOverflow(error)) return error;
  const message = "is nested too deep for its type to read; make it flatter";
  return invalid(text, [{ path: "", message }], error);
}

/** The form of a schema that is sent as it is. */
function asItIs(schema: JsonObject): StrictForm {
  return {
    schema,
    place: "",
    restore: (answer) => ({ value: answer }),
  };
}

function valueOf<T>(verdict: Verdict<T>, text: string): T {
  if ("value" in verdict) return verdict.value;
  throw invalid(text, verdict.issues, verdict.cause);
}

function invalid(
  text: string,
  issues: CodexStructuredResponseError["issues"],
  cause?: unknown,
): CodexStructuredResponseError {
  return new CodexStructuredResponseError(
    "Failed to validate structured response against output schema.",
    { responseText: text, issues, cause },
  );
}

function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const message = text.trim() === "" ? "is empty" : "is not JSON";
    throw new CodexStructuredResponseError(
      "Failed to parse structured response as JSON.",
      { responseText: text, issues: [{ path: "", message }], cause },
    );
  }
  const deepest = tooDeepIn(value, MAX_ANSWER_DEPTH);
  if (deepest === undefined) return value;
  throw invalid(text, [{
    path: jsonPointer(deepest),
    message:
      `is nested deeper than ${MAX_ANSWER_DEPTH} levels of objects and arrays; make the answer flatter`,
  }]);
}
