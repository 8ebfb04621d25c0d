/**
 * Defines a row of the fleet's tests: its figures and its problems.
 *
 * @module
 */

import type { FleetOptions } from "./fleet.ts";
import type { FleetRuntime } from "./project.ts";

/** The input of a row. */
export interface RowContext {
  /** All options of the fleet except its size. */
  readonly options: Omit<FleetOptions, "concurrency">;
  /** Node, Bun and Deno. */
  readonly runtimes: readonly FleetRuntime[];
  /** The number of tasks. */
  readonly turns: number;
  /** Determines which worker is killed, and when. */
  readonly seed: number;
}

/** The result of a row. */
export interface Outcome {
  /** The figures, in the order in which they are shown. */
  readonly figures: { readonly [what: string]: string | number };
  /** The expectations that were not met. */
  readonly problems: readonly string[];
}

/** Lists the expectations that do not hold. */
export function listProblems(
  expectations: { readonly [what: string]: readonly [unknown, unknown] },
): string[] {
  return Object.entries(expectations).flatMap(([what, [actual, expected]]) => {
    const [is, should] = [actual, expected].map((each) => JSON.stringify(each));
    return is === should ? [] : [`${what}: ${is} in place of ${should}`];
  });
}
