import type { ThreadOptions, WebSearchMode } from "../options/options.ts";

/**
 * Returns the access to web search that a thread sets by either of its options;
 * `undefined` if it sets neither.
 */
export function webSearchMode(
  thread: ThreadOptions,
): WebSearchMode | undefined {
  if (thread.webSearchMode) return thread.webSearchMode;
  if (thread.webSearchEnabled === true) return "live";
  if (thread.webSearchEnabled === false) return "disabled";
  return undefined;
}
