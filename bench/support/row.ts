/**
 * A line of the table.
 *
 * @module
 */

import type { Summary } from "./statistics.ts";

/** A measurement, with its bar: the limit that it has to keep. */
export interface Row {
  /** The number of the bar. */
  readonly bar: number;
  /** The description of the measurement. */
  readonly what: string;
  readonly runtime: string;
  /** The unit of the measurements. */
  readonly unit: string;
  readonly acodex: Summary;
  /** The measurements to compare with, if there are any. */
  readonly against?: Summary & { readonly name: string };
  /** The value to compare with the limit: a ratio, or in the unit of `of`. */
  readonly value: number;
  readonly of?: string;
  /** The limit of `value`; `undefined` if there is no bar. */
  readonly limit?: number;
}

/** Something that could not be measured. */
export interface Failure {
  readonly bar: number;
  readonly what: string;
  readonly runtime: string;
  readonly error: string;
}

/** Tells whether a row keeps its bar; returns `undefined` if it has none. */
export function isMet({ value, limit }: Row): boolean | undefined {
  return limit === undefined ? undefined : value <= limit;
}
