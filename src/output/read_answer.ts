import { CodexStructuredResponseError } from "../errors/turn_errors.ts";
import { jsonPointer } from "../util/text.ts";
import { findTooDeep, isStackOverflow } from "../util/nesting.ts";
import { describeIssues } from "./issues.ts";
import type { Validation } from "./output_type.ts";
import { isPromise } from "../util/realms.ts";

/**
 * The maximum nesting of objects and arrays in an answer. Libraries can read a few
 * thousand levels, fewer if the type is complex at each level.
 */
const MAX_ANSWER_DEPTH = 500;

/**
 * Parses an answer as JSON.
 *
 * @throws {CodexStructuredResponseError} If it is not JSON, or is nested too deeply.
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const message = describeText(text);
    throw new CodexStructuredResponseError(
      `Failed to parse structured response as JSON: it ${message}.`,
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

/** Describes a text that is not JSON. */
function describeText(text: string): string {
  const start = text.trimStart();
  if (start === "") return "is empty";
  return start.startsWith("```")
    ? "is not JSON: it begins with a code fence (```)"
    : "is not JSON";
}

/** Validates an answer; throws, or rejects, if it does not match the type. */
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
  return isPromise(validation)
    ? validation.then(
      (validation) => takeValue(validation, text),
      (error) => {
        throw explainError(error, text);
      },
    )
    : takeValue(validation, text);
}

/**
 * Explains an error that a type has thrown. A stack overflow becomes an issue of the
 * answer, since a type may need a lot of stack for each level.
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
    `Failed to validate structured response against output schema: ${
      describeIssues(issues)
    }.`,
    { responseText: text, issues, cause },
  );
}
