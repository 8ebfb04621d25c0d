/**
 * A row of the proof: what was counted, and what must not be.
 *
 * @module
 */

import type { FleetOptions } from "./fleet.ts";
import type { FleetRuntime } from "./project.ts";

/** What a row is run with. */
export interface RowContext {
  /** Everything of a fleet but its size. */
  readonly options: Omit<FleetOptions, "concurrency">;
  /** Node, Bun and Deno. */
  readonly runtimes: readonly FleetRuntime[];
  /** The number of tasks. */
  readonly turns: number;
  /** What decides which worker is killed, and when. */
  readonly seed: number;
}

/** What came of a row. */
export interface Outcome {
  /** What was counted and measured, in the order in which it is shown. */
  readonly figures: { readonly [what: string]: string | number };
  /** What is not as it has to be. */
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
