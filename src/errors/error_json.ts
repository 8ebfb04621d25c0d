import {
  CodexError,
  CodexInputError,
  errorClass,
  type ErrorJson,
  makeError,
  MAX_CAUSES,
  plainFields,
} from "./codex_error.ts";
import { NO_TURN_FACTS, type TurnFacts } from "./turn_facts.ts";

/**
 * Makes an error of this package again from what its `toJSON()` gave, after any number of
 * trips through JSON: of the same class, with the same code, fields, turn and causes. An
 * error of a class that this version does not know is a {@linkcode CodexError} with its
 * code and message.
 *
 * @throws {CodexInputError} If the value is not such an error.
 *
 * @example Take a failed job's error from a queue
 * ```ts
 * import { CodexThreadBusyError, errorFromJSON } from "@acodex/sdk";
 *
 * function shouldWait(failure: string): boolean {
 *   return errorFromJSON(JSON.parse(failure)) instanceof CodexThreadBusyError;
 * }
 * ```
 */
export function errorFromJSON(value: unknown): CodexError {
  if (
    !isErrorJson(value) || typeof value.class !== "string" ||
    typeof value.code !== "string"
  ) {
    throw notAnError();
  }
  try {
    return readError(value, 0) as CodexError;
  } catch (cause) {
    throw notAnError(cause);
  }
}

/** Makes the error for a value that is none of this package's errors. */
function notAnError(cause?: unknown): CodexInputError {
  return new CodexInputError(
    "Cannot read an error: pass what toJSON() of an error of this package returned",
    { path: "value", cause },
  );
}

/** Makes an error again, and those behind it. */
function readError(json: ErrorJson, depth: number): Error {
  const { class: className, name, message, cause: behind, ...fields } = json;
  const cause = isErrorJson(behind) && depth < MAX_CAUSES
    ? readError(behind, depth + 1)
    : undefined;
  if (typeof className !== "string") {
    const error = new Error(message, cause && { cause });
    return Object.assign(error, plainFields(fields), { name });
  }
  const type = errorClass(className) ?? CodexError;
  return makeError(type, message, { ...fields, ...factsIn(fields), cause });
}

/** Gives the facts of a turn, where an error's fields have them. */
function factsIn(
  fields: { readonly [name: string]: unknown },
): { facts?: TurnFacts } {
  if (!isListOfObjects(fields.items)) return {};
  const facts = Object.entries(NO_TURN_FACTS).map(([name, none]) => {
    const value = fields[name] ?? none;
    return [name, Array.isArray(none) === Array.isArray(value) ? value : none];
  });
  return { facts: Object.fromEntries(facts) };
}

/** Tells whether a value is a list of objects, such as items. */
export function isListOfObjects(value: unknown): value is object[] {
  return Array.isArray(value) &&
    value.every((each) => typeof each === "object" && each !== null);
}

/** Tells whether a value is an error as JSON, as far as all of them are alike. */
function isErrorJson(value: unknown): value is ErrorJson {
  return typeof value === "object" && value !== null &&
    typeof Reflect.get(value, "name") === "string" &&
    typeof Reflect.get(value, "message") === "string";
}
