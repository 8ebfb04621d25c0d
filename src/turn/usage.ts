import type { Usage } from "../protocol/events.ts";

/** No tokens: the total of a thread before its first turn. */
export const NO_USAGE: Usage = {
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_input_tokens: 0,
  output_tokens: 0,
  reasoning_output_tokens: 0,
};

/** Gives what was used between two totals; nothing where a total is missing or has gone down. */
export function usageBetween(
  before: Usage | null,
  after: Usage | null,
): Usage | null {
  if (after === null || before === null) return null;
  const share: Usage = {
    input_tokens: after.input_tokens - before.input_tokens,
    cached_input_tokens: after.cached_input_tokens - before.cached_input_tokens,
    cache_write_input_tokens: after.cache_write_input_tokens -
      before.cache_write_input_tokens,
    output_tokens: after.output_tokens - before.output_tokens,
    reasoning_output_tokens: after.reasoning_output_tokens -
      before.reasoning_output_tokens,
  };
  return Object.values(share).some((tokens) => tokens < 0) ? null : share;
}
