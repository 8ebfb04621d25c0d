/**
 * How deep objects and arrays may be nested in an output schema: the CLI reads no
 * deeper (measured with codex-cli 0.169.0), and says that the file is no JSON.
 */
export const MAX_SCHEMA_DEPTH = 127;

/**
 * How long an output schema may be as JSON, in characters, and all that is walked
 * through to make what is sent for it. A schema that a service takes is much
 * shorter: what reaches this grows with each reference that is written out.
 */
export const MAX_SCHEMA_LENGTH = 2_000_000;
