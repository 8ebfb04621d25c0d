import type { Usage } from "../protocol/events.ts";
import { eachTokenCount } from "../protocol/token_counts.ts";

/** Zero tokens: the total of a thread before its first turn. */
export const NO_USAGE: Usage = eachTokenCount(() => 0);

/**
 * Returns the tokens used between two totals; `null` if a total is missing or has
 * decreased.
 */
export function usageBetween(
  before: Usage | null,
  after: Usage | null,
): Usage | null {
  if (after === null || before === null) return null;
  const share = eachTokenCount((name) => after[name] - before[name]);
  return Object.values(share).some((tokens) => tokens < 0) ? null : share;
}

/** Adds the tokens of a turn to a total. */
export function usageWith(total: Usage, share: Usage): Usage {
  return eachTokenCount((name) => total[name] + share[name]);
}
