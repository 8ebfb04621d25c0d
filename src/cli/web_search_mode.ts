import type { ThreadOptions, WebSearchMode } from "../options/options.ts";

/** Gives the access to web search that a thread asks for, by either of its options; `undefined` if by none. */
export function webSearchMode(
  thread: ThreadOptions,
): WebSearchMode | undefined {
  if (thread.webSearchMode) return thread.webSearchMode;
  if (thread.webSearchEnabled === true) return "live";
  if (thread.webSearchEnabled === false) return "disabled";
  return undefined;
}
