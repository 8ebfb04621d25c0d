// The function of @std/yaml that is used here, with the signature of the real package.

/** Parses one YAML document. */
export function parse(content: string): unknown;
