/** The tokens that one request is billed, under the names that `turn.completed` uses. */
export interface TokenUsage {
  /** Tokens of the prompt, cached ones included. @default {10} */
  readonly input_tokens?: number;
  /** Prompt tokens read from the cache. @default {0} */
  readonly cached_input_tokens?: number;
  /** Prompt tokens written to the cache. @default {0} */
  readonly cache_write_input_tokens?: number;
  /** Tokens the model wrote, reasoning included. @default {5} */
  readonly output_tokens?: number;
  /** Tokens the model wrote as reasoning. @default {0} */
  readonly reasoning_output_tokens?: number;
}

/** A usage among the parts of an answer, made by {@linkcode modelUsage}. */
export interface UsagePart {
  /** Tells a usage from an output item. */
  readonly type: "usage";
  /** The tokens to bill. */
  readonly tokens: TokenUsage;
}

/**
 * Sets what an answer is billed: `modelAnswer(modelMessage("hi"), modelUsage({ output_tokens: 7 }))`.
 *
 * @param tokens The counts; those left out keep their defaults.
 * @returns A part to hand to `modelAnswer`.
 */
export function modelUsage(tokens: TokenUsage): UsagePart {
  return { type: "usage", tokens };
}

/**
 * Writes a usage the way the Responses API does.
 *
 * @param tokens The counts; those left out keep their defaults.
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
