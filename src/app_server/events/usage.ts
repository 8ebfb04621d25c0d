import type { Usage } from "../../protocol/events.ts";
import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { eachTokenCount, TOKEN_COUNTS } from "../../protocol/token_counts.ts";
import { NO_USAGE } from "../../turn/usage.ts";

/**
 * Adds up the tokens of a turn. After each response, the server reports the thread's total
 * and the tokens of that response. The sum of the latter is the turn's share, also on
 * resumed threads. The server sometimes repeats its last report, for example before it
 * compacts the history; a report with an unchanged total counts nothing (facts A36).
 */
export class TurnUsage {
  #reported: Usage | null = null;
  #total: Usage | null = null;
  #own: Usage = NO_USAGE;

  /** Notes the report that was the last one before the turn, so that it counts nothing. */
  startFrom(tokenUsage: JsonValue | undefined): void {
    const total = readTotal(tokenUsage);
    if (this.#total === null && total !== undefined) this.#reported = total;
  }

  /**
   * Adds the numbers of a `thread/tokenUsage/updated`.
   *
   * @param isCompacting True while the history is being compacted, when the first report is
   * a repeated one.
   */
  add(tokenUsage: JsonValue | undefined, isCompacting = false): void {
    const total = readTotal(tokenUsage);
    if (!isObject(tokenUsage) || total === undefined) return;
    const isRepeated = this.#reported === null
      ? isCompacting
      : isSame(this.#reported, total);
    this.#reported = total;
    this.#total = total;
    const { last } = tokenUsage;
    if (isObject(last) && !isRepeated) {
      this.#own = combine(this.#own, readUsage(last), 1);
    }
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

/** Reads the thread's total of a report; `undefined` if it has none. */
function readTotal(tokenUsage: JsonValue | undefined): Usage | undefined {
  return isObject(tokenUsage) && isObject(tokenUsage.total)
    ? readUsage(tokenUsage.total)
    : undefined;
}

function isSame(one: Usage, other: Usage): boolean {
  return TOKEN_COUNTS.every((name) => one[name] === other[name]);
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
