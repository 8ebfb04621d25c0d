import type { Usage } from "../../protocol/events.ts";
import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { eachTokenCount } from "../../protocol/token_counts.ts";
import { NO_USAGE } from "../../turn/usage.ts";

/**
 * Adds up what a turn has used. The server tells after each response the thread's total
 * and what the last response took: the sum of the latter is the turn's own share, on
 * resumed threads too.
 */
export class TurnUsage {
  #total: Usage | null = null;
  #own: Usage = NO_USAGE;

  /** Takes what `thread/tokenUsage/updated` tells. */
  add(tokenUsage: JsonValue | undefined): void {
    if (!isObject(tokenUsage)) return;
    const { total, last } = tokenUsage;
    if (isObject(total)) this.#total = readUsage(total);
    if (isObject(last)) this.#own = combine(this.#own, readUsage(last), 1);
  }

  /** The thread's total; zeros where nothing was told, as with `codex exec`. */
  get total(): Usage {
    return this.#total ?? NO_USAGE;
  }

  /** The thread's total before the turn; `undefined` where nothing was told. */
  get before(): Usage | undefined {
    return this.#total === null
      ? undefined
      : combine(this.#total, this.#own, -1);
  }
}

function readUsage(tokens: JsonObject): Usage {
  const count = (value: JsonValue | undefined): number =>
    typeof value === "number" ? value : 0;
  return {
    input_tokens: count(tokens.inputTokens),
    cached_input_tokens: count(tokens.cachedInputTokens),
    cache_write_input_tokens: count(tokens.cacheWriteInputTokens),
    output_tokens: count(tokens.outputTokens),
    reasoning_output_tokens: count(tokens.reasoningOutputTokens),
  };
}

function combine(one: Usage, other: Usage, sign: 1 | -1): Usage {
  return eachTokenCount((name) => Math.max(0, one[name] + sign * other[name]));
}
