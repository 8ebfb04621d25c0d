import type { Usage } from "../protocol/events.ts";
import { eachTokenCount } from "../protocol/token_counts.ts";

/** No tokens: the total of a thread before its first turn. */
export const NO_USAGE: Usage = eachTokenCount(() => 0);

/** Gives what was used between two totals; nothing where a total is missing or has gone down. */
export function usageBetween(
  before: Usage | null,
  after: Usage | null,
): Usage | null {
  if (after === null || before === null) return null;
  const share = eachTokenCount((name) => after[name] - before[name]);
  return Object.values(share).some((tokens) => tokens < 0) ? null : share;
}

/** Adds what a turn has used to a total. */
export function usageWith(total: Usage, share: Usage): Usage {
  return eachTokenCount((name) => total[name] + share[name]);
}
