import type { Usage } from "../protocol/events.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { AiUsage } from "./model_types.ts";

/** Maps a turn's tokens to the AI SDK's form; all counts are `undefined` if its share is unknown. */
export function toAiUsage(usage: Usage | null): AiUsage {
  if (usage === null) {
    return {
      inputTokens: {
        total: undefined,
        noCache: undefined,
        cacheRead: undefined,
        cacheWrite: undefined,
      },
      outputTokens: { total: undefined, text: undefined, reasoning: undefined },
    };
  }
  const { input_tokens: input, cached_input_tokens: cached } = usage;
  const { output_tokens: output, reasoning_output_tokens: reasoning } = usage;
  return {
    inputTokens: {
      total: input,
      noCache: Math.max(0, input - cached),
      cacheRead: cached,
      cacheWrite: usage.cache_write_input_tokens,
    },
    outputTokens: {
      total: output,
      text: Math.max(0, output - reasoning),
      reasoning,
    },
    raw: usageToJson(usage),
  };
}

/** Copies token counts to a JSON object. */
export function usageToJson(usage: Usage): JsonObject {
  return { ...usage };
}
