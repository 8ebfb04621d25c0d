import { CodexStructuredResponseError } from "../errors/turn_errors.ts";
import { jsonPointer } from "../util/text.ts";
import { findTooDeep, isStackOverflow } from "../util/nesting.ts";
import type { Validation } from "./output_type.ts";

/**
 * How deep objects and arrays may be nested in an answer. The libraries that read it
 * take some thousand levels, less where a type has much at each.
 */
const MAX_ANSWER_DEPTH = 500;

export function parseJson(text: string): unknown {
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
  const tooDeep = findTooDeep(value, MAX_ANSWER_DEPTH);
  if (tooDeep === undefined) return value;
  throw invalidAnswer(text, [{
    path: jsonPointer(tooDeep),
    message:
      `is nested deeper than ${MAX_ANSWER_DEPTH} levels of objects and arrays; make the answer flatter`,
  }]);
}

/** What a type makes of an answer. */
export function validateAnswer<T>(
  text: string,
  validate: () => Validation<T> | Promise<Validation<T>>,
): T | Promise<T> {
  let validation: Validation<T> | Promise<Validation<T>>;
  try {
    validation = validate();
  } catch (error) {
    throw explainError(error, text);
  }
  return validation instanceof Promise
    ? validation.then(
      (validation) => takeValue(validation, text),
      (error) => {
        throw explainError(error, text);
      },
    )
    : takeValue(validation, text);
}

/**
 * What a type has thrown, or what is wrong with the answer where that is a full
 * stack: a type may take much of it for each level.
 */
function explainError(error: unknown, text: string): unknown {
  if (!isStackOverflow(error)) return error;
  const message = "is nested too deep for its type to read; make it flatter";
  return invalidAnswer(text, [{ path: "", message }], error);
}

function takeValue<T>(validation: Validation<T>, text: string): T {
  if ("value" in validation) return validation.value;
  throw invalidAnswer(text, validation.issues, validation.cause);
}

function invalidAnswer(
  text: string,
  issues: CodexStructuredResponseError["issues"],
  cause?: unknown,
): CodexStructuredResponseError {
  return new CodexStructuredResponseError(
    "Failed to validate structured response against output schema.",
    { responseText: text, issues, cause },
  );
}
