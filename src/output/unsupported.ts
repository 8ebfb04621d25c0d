import { CodexOutputSchemaError } from "../errors/codex_error.ts";
import type { JsonObject } from "../protocol/json.ts";
import { shorten } from "../util/text.ts";
import { isStackOverflow } from "../util/nesting.ts";

/** How much of a place is said in a message, in characters: names may be long, and places deep. */
const PLACE_LENGTH = 200;

/** A place in words, as a message has it; nothing for the whole. */
export function atPlace(path: string): string {
  return path === "" ? "" : ` at "${shorten(path, PLACE_LENGTH)}"`;
}

/** The error for a part of a type that cannot be asked for, with its place in the answer. */
export function refusal(
  what: string,
  path: string,
  why: string,
  cause?: unknown,
): CodexOutputSchemaError {
  return new CodexOutputSchemaError(
    `Cannot ask for ${what}${atPlace(path)}: ${why}`,
    { path, cause },
  );
}

/** What to do about a type or schema that is nested too deep. */
export const NAME_ITS_PARTS =
  "name its parts and refer to them: .meta({ id: … }) in zod, $defs and $ref in JSON Schema";

/** The error for a type that its library writes no JSON Schema for. */
export function noJsonSchema(cause: unknown): CodexOutputSchemaError {
  const reason = isStackOverflow(cause)
    ? `it is nested too deep; ${NAME_ITS_PARTS}`
    : cause instanceof Error
    ? cause.message
    : "it has no JSON Schema";
  return refusal("this output type", "", reason, cause);
}

/** What JSON has no word for, and what to write instead. */
const NOT_IN_JSON: {
  readonly [type: string]: readonly [what: string, instead: string];
} = {
  date: ["a date", "z.iso.datetime(), and make the date with .transform()"],
  bigint: ["a bigint", "z.int(), or a string and .transform(BigInt)"],
  map: ["a map", "z.array(z.object({ key: …, value: … }))"],
  set: ["a set", "z.array(…), and make the set with .transform()"],
  symbol: ["a symbol", "z.enum([…])"],
  undefined: ["undefined", ".optional() on the property, or z.null()"],
  void: ["undefined", ".optional() on the property, or z.null()"],
  nan: ["NaN", "z.null()"],
  file: ["a file", "a string with its path or its content"],
  function: ["a function", "a type that JSON has"],
  promise: ["a promise", "the type that it resolves to"],
  transform: [
    "a transform without an input form",
    "what goes in before it, as in z.string().transform(…)",
  ],
  custom: [
    "a custom type",
    "a type that JSON has, with .refine(), or its form with .meta({ type: … })",
  ],
  literal: [
    "a literal of undefined or a bigint",
    "a string, a number, true, false or null",
  ],
};

/** The error for a type of zod's that JSON Schema has no word for. */
export function notInJson(type: string, path: string): CodexOutputSchemaError {
  const [what, instead] =
    (Object.hasOwn(NOT_IN_JSON, type) ? NOT_IN_JSON[type] : undefined) ??
      [`a type "${type}"`, "a type that JSON has"];
  return refusal(what, path, `JSON has none; write ${instead}`);
}

/** Whether JSON Schema has no word for a type of zod's. */
export function isNotInJson(type: string): boolean {
  return Object.hasOwn(NOT_IN_JSON, type) && type !== "literal";
}

/** The error for a schema that says nothing, or that nothing fits. */
export function shapeless(
  schema: JsonObject | boolean,
  path: string,
): CodexOutputSchemaError {
  if (schema === false || (schema !== true && "not" in schema)) {
    return refusal(
      "what nothing can be",
      path,
      "no answer would fit; leave it out",
    );
  }
  return refusal(
    "just anything",
    path,
    "the model's strict mode wants a type everywhere; write the types that it can be, as in z.union([…])",
  );
}

/** The error for an object whose keys are not known. */
export function freeKeys(path: string): CodexOutputSchemaError {
  return refusal(
    "an object with free keys",
    path,
    "the model's strict mode knows named properties only; write an array of { key, value } objects",
  );
}
