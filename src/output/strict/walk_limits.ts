import type { JsonValue } from "../../protocol/json.ts";
import { MAX_SCHEMA_DEPTH, MAX_SCHEMA_LENGTH } from "../schema_limits.ts";
import { NAME_PARTS_ADVICE, unsupported } from "../unsupported.ts";

/** Counts what walking through a schema costs, and ends it where that is too much. */
export class WalkCost {
  #left = MAX_SCHEMA_LENGTH;
  readonly #lengths = new WeakMap<object, number>();

  /**
   * Counts a part of the schema that is walked through, in characters.
   *
   * @param path The place in the answer that it is walked through for.
   * @param times How often it is.
   * @throws {CodexOutputSchemaError} If that is too much.
   */
  addPart(part: JsonValue, path: string, times = 1): void {
    this.#add(times * this.#measure(part), path);
  }

  /**
   * Counts a step.
   *
   * @throws {CodexOutputSchemaError} If that is one too many.
   */
  addStep(path: string): void {
    this.#add(1, path);
  }

  #add(cost: number, path: string): void {
    this.#left -= cost;
    if (this.#left >= 0) return;
    throw unsupported(
      "this type",
      path,
      `with what it refers to in allOf and records written out, its schema is longer than ${MAX_SCHEMA_LENGTH} characters; refer to types by $ref alone, or write fewer of them`,
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
 * Rejects a place that is nested deeper than the CLI reads, also where a type holds
 * itself by other ways than a reference.
 *
 * @throws {CodexOutputSchemaError} If it is too deep.
 */
export function checkDepth(depth: number, path: string): void {
  if (depth <= MAX_SCHEMA_DEPTH) return;
  throw unsupportedDepth(path);
}

/** The error for what is nested too deep. */
export function unsupportedDepth(path: string): Error {
  return unsupported(
    "this type",
    path,
    `it is nested deeper than ${MAX_SCHEMA_DEPTH} levels, which the CLI does not read, or holds itself in allOf; ${NAME_PARTS_ADVICE}`,
  );
}
