import type { Usage } from "./events.ts";

/** The names of the counts in a usage. */
export const TOKEN_COUNTS: readonly (keyof Usage)[] = [
  "input_tokens",
  "cached_input_tokens",
  "cache_write_input_tokens",
  "output_tokens",
  "reasoning_output_tokens",
];

/** Tells whether a value is a number of tokens. */
export function isTokenCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Builds a usage from the value of each count. */
export function eachTokenCount(count: (name: keyof Usage) => number): Usage {
  return Object.fromEntries(
    TOKEN_COUNTS.map((name) => [name, count(name)]),
  ) as unknown as Usage;
}
