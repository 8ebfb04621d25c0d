/**
 * The number of levels that objects and arrays may be nested in an output schema. The
 * CLI does not read deeper ones, and reports that the file is not JSON (facts F38).
 */
export const MAX_SCHEMA_DEPTH = 127;

/**
 * The length of an output schema as JSON, in characters; also the limit of the work
 * done to make its strict form. Services accept only much shorter schemas. Longer
 * ones arise where references are written out.
 */
export const MAX_SCHEMA_LENGTH = 2_000_000;
