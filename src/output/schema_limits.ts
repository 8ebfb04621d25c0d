/**
 * The maximum nesting of objects and arrays in an output schema. The CLI does not read
 * deeper schemas, and reports that the file is not JSON (facts F38).
 */
export const MAX_SCHEMA_DEPTH = 127;

/**
 * The maximum length of an output schema as JSON, in characters; also limits the work of
 * creating its strict form. Services accept only much shorter schemas. Longer ones result
 * from writing out references.
 */
export const MAX_SCHEMA_LENGTH = 2_000_000;
