/** The tokens billed for one request, under the names that `turn.completed` uses. */
export interface TokenUsage {
  /** Prompt tokens, cached ones included. @default {10} */
  readonly input_tokens?: number;
  /** Prompt tokens read from the cache. @default {0} */
  readonly cached_input_tokens?: number;
  /** Prompt tokens written to the cache. @default {0} */
  readonly cache_write_input_tokens?: number;
  /** Tokens that the model wrote, reasoning included. @default {5} */
  readonly output_tokens?: number;
  /** Tokens that the model wrote as reasoning. @default {0} */
  readonly reasoning_output_tokens?: number;
}

/** A usage among the parts of an answer; created by {@linkcode modelUsage}. */
export interface UsagePart {
  /** Tells a usage from an output item. */
  readonly type: "usage";
  /** The tokens to bill. */
  readonly tokens: TokenUsage;
}

/**
 * Sets the usage of an answer: `modelAnswer(modelMessage("hi"), modelUsage({ output_tokens: 7 }))`.
 *
 * @param tokens The counts; omitted ones keep their defaults.
 * @returns A part for `modelAnswer`.
 */
export function modelUsage(tokens: TokenUsage): UsagePart {
  return { type: "usage", tokens };
}

/**
 * Converts a usage to the form of the Responses API.
 *
 * @param tokens The counts; omitted ones keep their defaults.
 * @returns The `usage` object of `response.completed`.
 */
export function toWireUsage(tokens: TokenUsage = {}): Record<string, unknown> {
  const input = tokens.input_tokens ?? 10;
  const output = tokens.output_tokens ?? 5;
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: tokens.cached_input_tokens ?? 0,
      cache_write_tokens: tokens.cache_write_input_tokens ?? 0,
    },
    output_tokens: output,
    output_tokens_details: {
      reasoning_tokens: tokens.reasoning_output_tokens ?? 0,
    },
    total_tokens: input + output,
  };
}
