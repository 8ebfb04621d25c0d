import type { Usage } from "../../protocol/events.ts";
import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { eachTokenCount } from "../../protocol/token_counts.ts";
import { NO_USAGE } from "../../turn/usage.ts";

/**
 * Adds up the tokens of a turn. After each response, the server reports the thread's total
 * and the tokens of that response. The sum of the latter is the turn's share, also on
 * resumed threads.
 */
export class TurnUsage {
  #total: Usage | null = null;
  #own: Usage = NO_USAGE;

  /** Adds the numbers of a `thread/tokenUsage/updated`. */
  add(tokenUsage: JsonValue | undefined): void {
    if (!isObject(tokenUsage)) return;
    const { total, last } = tokenUsage;
    if (isObject(total)) this.#total = readUsage(total);
    if (isObject(last)) this.#own = combine(this.#own, readUsage(last), 1);
  }

  /** The thread's total; zeros if nothing was reported, as with `codex exec`. */
  get total(): Usage {
    return this.#total ?? NO_USAGE;
  }

  /** The thread's total before the turn; `undefined` if nothing was reported. */
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
