import type { CodexOutputSchemaError } from "../errors/codex_error.ts";
import { unsupported } from "./unsupported.ts";

/** The zod types that JSON lacks, and what to write instead. */
const UNSUPPORTED_ZOD_TYPES: {
  readonly [type: string]: readonly [what: string, instead: string];
} = {
  date: ["a date", "z.iso.datetime(), and create the date with .transform()"],
  bigint: ["a bigint", "z.int(), or a string and .transform(BigInt)"],
  map: ["a map", "z.array(z.object({ key: …, value: … }))"],
  set: ["a set", "z.array(…), and create the set with .transform()"],
  symbol: ["a symbol", "z.enum([…])"],
  undefined: ["undefined", ".optional() on the property, or z.null()"],
  void: ["undefined", ".optional() on the property, or z.null()"],
  nan: ["NaN", "z.null()"],
  file: ["a file", "a string with its path or its content"],
  function: ["a function", "a type that JSON has"],
  promise: ["a promise", "the type that it resolves to"],
  transform: [
    "a transform without an input type",
    "an input type before it, as in z.string().transform(…)",
  ],
  custom: [
    "a custom type",
    "a type that JSON has, with .refine(), or describe its form with .meta({ type: … })",
  ],
  literal: [
    "a literal of undefined or a bigint",
    "a string, a number, true, false or null",
  ],
};

/** Creates the error for a zod type that JSON Schema cannot express. */
export function unsupportedZodType(
  type: string,
  path: string,
): CodexOutputSchemaError {
  const [what, instead] =
    (Object.hasOwn(UNSUPPORTED_ZOD_TYPES, type)
      ? UNSUPPORTED_ZOD_TYPES[type]
      : undefined) ??
      [`a type "${type}"`, "a type that JSON has"];
  return unsupported(path, `JSON cannot represent ${what}; use ${instead}`);
}

/** Tells whether JSON Schema cannot express a zod type. */
export function isUnsupportedZodType(type: string): boolean {
  return Object.hasOwn(UNSUPPORTED_ZOD_TYPES, type) && type !== "literal";
}
