/**
 * A line of the table.
 *
 * @module
 */

import type { Summary } from "./statistics.ts";

/** A figure, and whether it keeps its bar. */
export interface Row {
  /** The bar's number in the issue. */
  readonly bar: number;
  /** What was measured. */
  readonly what: string;
  readonly runtime: string;
  /** The unit of the measurements. */
  readonly unit: string;
  readonly acodex: Summary;
  /** What it is held against, if anything. */
  readonly against?: Summary & { readonly name: string };
  /** What is compared with the limit: a ratio, or what `of` says. */
  readonly value: number;
  readonly of?: string;
  /** The most that `value` may be; nothing where there is no bar. */
  readonly limit?: number;
}

/** Something that could not be measured. */
export interface Failure {
  readonly bar: number;
  readonly what: string;
  readonly runtime: string;
  readonly error: string;
}

/** Whether a row keeps its bar; nothing where there is none. */
export function isMet({ value, limit }: Row): boolean | undefined {
  return limit === undefined ? undefined : value <= limit;
}
