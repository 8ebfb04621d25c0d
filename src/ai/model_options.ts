import { CodexInputError } from "../errors/codex_error.ts";
import type { ThreadOptions, TurnOptions } from "../options/options.ts";
import { quoted } from "../util/text.ts";

/** Options of a model that say how a turn becomes an answer. */
export interface AnswerOptions {
  /**
   * Says whether commands, patches, searches and calls of MCP tools are parts of the
   * answer: tools that the agent ran itself. `hidden` is for what takes each part of that
   * kind for a call to make, such as `aisdk()` of the Agents SDK.
   *
   * @default {"shown"}
   */
  readonly toolParts?: "shown" | "hidden";
  /**
   * What the agent's messages before its last one become. Where a schema is asked for, the
   * text is the last message alone, and `text` is as `reasoning`.
   *
   * @default {"text"}
   */
  readonly commentary?: "text" | "reasoning" | "hidden";
}

/** Options of {@linkcode codexModel} that are none of a thread. */
export interface CodexModelOnlyOptions
  extends
    AnswerOptions,
    Pick<TurnOptions, "timeoutMs" | "idleTimeoutMs" | "repair"> {
  /**
   * What is done where the thread to go on with is not there: `error` ends the turn with a
   * {@linkcode CodexThreadNotFoundError}, `restart` starts a new thread with all messages,
   * written as one prompt.
   *
   * @default {"error"}
   */
  readonly onMissingThread?: "error" | "restart";
}

/**
 * Options of {@linkcode codexModel}: those of a thread, limits of a turn, and what becomes of
 * the agent's work. `repair` counts answers that are no JSON of the schema's structure; what
 * else a schema says is judged by the AI SDK.
 *
 * @typeParam O The options of the client's threads.
 */
export type CodexModelOptions<O extends ThreadOptions = ThreadOptions> =
  & O
  & CodexModelOnlyOptions;

/** The options of a model, apart. */
export interface SplitModelOptions<O extends ThreadOptions> {
  /** Those of its threads. */
  readonly thread: O;
  /** Those of its turns. */
  readonly turn: Pick<TurnOptions, "timeoutMs" | "idleTimeoutMs">;
  /** How often an answer may be corrected. */
  readonly repair: number | undefined;
  /** What a turn becomes. */
  readonly answer: Required<AnswerOptions>;
  /** Says whether a thread that is missing is begun anew. */
  readonly restarts: boolean;
}

/**
 * Checks the options of a model that are its own, and tells them from those of a thread,
 * which the client checks.
 *
 * @throws {CodexInputError} For one that cannot be used.
 */
export function splitModelOptions<O extends ThreadOptions>(
  options: CodexModelOptions<O>,
): SplitModelOptions<O> {
  const {
    toolParts = "shown",
    commentary = "text",
    onMissingThread = "error",
    timeoutMs,
    idleTimeoutMs,
    repair,
    ...thread
  } = options;
  checkWord("toolParts", toolParts, ["shown", "hidden"]);
  checkWord("commentary", commentary, ["text", "reasoning", "hidden"]);
  checkWord("onMissingThread", onMissingThread, ["error", "restart"]);
  return {
    thread: thread as unknown as O,
    turn: { timeoutMs, idleTimeoutMs },
    repair,
    answer: { toolParts, commentary },
    restarts: onMissingThread === "restart",
  };
}

/** Rejects an option that is none of some words. */
function checkWord(
  name: string,
  value: unknown,
  words: readonly string[],
): void {
  if (words.some((word) => word === value)) return;
  throw new CodexInputError(
    `${name} must be ${words.map(quoted).join(" or ")}`,
    { path: name },
  );
}
