/**
 * The table, as text.
 *
 * @module
 */

import { type Failure, isMet, type Row } from "./row.ts";
import type { Summary } from "./statistics.ts";

const HEAD = ["bar", "what", "runtime", "acodex", "against", "value", "limit"];

/** Formats rows as a Markdown table, which is also readable in a terminal. */
export function formatTable(
  rows: readonly Row[],
  failures: readonly Failure[] = [],
): string[] {
  const cells = [
    [...HEAD, ""],
    ...rows.map(makeCells),
    ...failures.map(({ bar, what, runtime, error }) => [
      ...[String(bar), what, runtime, "", "", "", ""],
      `FAILED: ${error.split("\n")[0]?.slice(0, 80)}`,
    ]),
  ];
  const widths = [...HEAD, ""].map((_, column) =>
    Math.max(3, ...cells.map((row) => row[column]?.length ?? 0))
  );
  const line = (row: readonly string[]): string =>
    `| ${
      row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")
    } |`;
  const [head = [], ...body] = cells;
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [line(head), rule, ...body.map(line)];
}

function makeCells(row: Row): string[] {
  const { bar, what, runtime, unit, acodex, against, value, of, limit } = row;
  const met = isMet(row);
  return [
    String(bar),
    what,
    runtime,
    `${spread(acodex)} ${unit}`,
    against === undefined ? "" : `${against.name} ${spread(against)} ${unit}`,
    `${number(value)}${of === undefined ? "" : ` ${of}`}`,
    limit === undefined ? "" : `≤ ${number(limit)}`,
    met === undefined ? "" : met ? "met" : "MISSED",
  ];
}

function spread({ median, low, high }: Summary): string {
  return low === high
    ? number(median)
    : `${number(median)} (${number(low)}–${number(high)})`;
}

/** Formats a number with three significant digits, or all digits before the point. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return "?";
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 0.1 || size === 0 ? value.toFixed(2) : value.toFixed(4);
}
