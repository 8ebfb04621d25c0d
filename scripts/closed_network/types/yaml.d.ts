// What the project uses of @std/yaml, for networks where JSR does not answer.
// The signatures are those of the real package: no wider, so that a test which
// type-checks here type-checks there.

/** Parses one YAML document. */
export function parse(content: string): unknown;
