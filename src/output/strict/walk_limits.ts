import type { JsonValue } from "../../protocol/json.ts";
import { MAX_SCHEMA_DEPTH, MAX_SCHEMA_LENGTH } from "../schema_limits.ts";
import { NAME_PARTS_ADVICE, unsupported } from "../unsupported.ts";

/** Measures the work of walking a schema, and throws when it exceeds the limit. */
export class WalkCost {
  #left = MAX_SCHEMA_LENGTH;
  readonly #lengths = new WeakMap<object, number>();

  /**
   * Adds a part of the schema, by its length in characters.
   *
   * @param path The path in the answer that the part is walked for.
   * @param times The number of times that it is walked.
   * @throws {CodexOutputSchemaError} If the limit is exceeded.
   */
  addPart(part: JsonValue, path: string, times = 1): void {
    this.#add(times * this.#measure(part), path);
  }

  /**
   * Adds one step.
   *
   * @throws {CodexOutputSchemaError} If the limit is exceeded.
   */
  addStep(path: string): void {
    this.#add(1, path);
  }

  #add(cost: number, path: string): void {
    this.#left -= cost;
    if (this.#left >= 0) return;
    throw unsupported(
      path,
      `the type is longer than ${MAX_SCHEMA_LENGTH} characters as a JSON Schema, with its references in allOf and its records written out; refer to types by $ref alone, or use fewer of them`,
    );
  }

  #measure(part: JsonValue): number {
    if (typeof part !== "object" || part === null) return 1;
    let length = this.#lengths.get(part);
    if (length === undefined) {
      length = JSON.stringify(part).length;
      this.#lengths.set(part, length);
    }
    return length;
  }
}

/**
 * Checks that a schema is not nested deeper than the CLI reads. This includes a schema
 * that contains itself other than through a reference.
 *
 * @throws {CodexOutputSchemaError} If it is nested too deeply.
 */
export function checkDepth(depth: number, path: string): void {
  if (depth <= MAX_SCHEMA_DEPTH) return;
  throw unsupportedDepth(path);
}

/** Creates the error for a schema that is nested too deeply. */
export function unsupportedDepth(path: string): Error {
  return unsupported(
    path,
    `the type is nested deeper than ${MAX_SCHEMA_DEPTH} levels, which the CLI does not read, or contains itself in allOf; ${NAME_PARTS_ADVICE}`,
  );
}
