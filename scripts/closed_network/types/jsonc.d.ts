// What the project uses of @std/jsonc, for networks where JSR does not answer.
// The signatures are those of the real package: no wider, so that a test which
// type-checks here type-checks there.

/** The type of the result of parsing JSON. */
export type JsonValue =
  | { [key: string]: JsonValue | undefined }
  | JsonValue[]
  | string
  | number
  | boolean
  | null;

/** Parses JSON with comments and trailing commas. */
export function parse(text: string): JsonValue;
