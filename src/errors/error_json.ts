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
 * Restores an error of this package from the return value of its `toJSON()`, after any
 * number of round trips through JSON. It has the same class, code, fields, turn and
 * causes. An error of a class that this version does not know becomes a {@linkcode
 * CodexError} with its code and message.
 *
 * @throws {CodexInputError} If the value is not such an error.
 *
 * @example Read a failed job's error from a queue
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

/** Creates the error for a value that is not an error of this package. */
function notAnError(cause?: unknown): CodexInputError {
  return new CodexInputError(
    "Cannot read an error: pass what toJSON() of an error of this package returned",
    { path: "value", cause },
  );
}

/** Restores an error and its causes. */
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

/** Returns the facts of a turn, if an error's fields contain them. */
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

/** Tells whether a value has the fields that all errors have as JSON. */
function isErrorJson(value: unknown): value is ErrorJson {
  return typeof value === "object" && value !== null &&
    typeof Reflect.get(value, "name") === "string" &&
    typeof Reflect.get(value, "message") === "string";
}
