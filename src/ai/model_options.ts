import { CodexInputError } from "../errors/codex_error.ts";
import type { ThreadOptions, TurnOptions } from "../options/options.ts";
import { MAX_TIMER_MS } from "../options/table.ts";
import type { ToolOptions } from "../options/tools.ts";
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
  /**
   * With `bridge`, the agent may call the tools that a call of the AI SDK brings along:
   * the step ends with a call, the turn waits, and the next step, with its result, goes on
   * with the same turn. It does so where the turn is: in the same process. Otherwise tools
   * of a thread, which the agent calls without the AI SDK; with `bridge` such tools may be
   * the client's.
   */
  readonly tools?: "bridge" | ToolOptions["tools"];
  /**
   * With `bridge`, what the agent asks leave for is handed out as requests of the AI SDK,
   * which buttons of a chat may answer, and the next step goes on with the answer. For a
   * `CodexAppServer` alone, in place of `onApproval`.
   *
   * @default {undefined} Nothing is asked
   */
  readonly approvals?: "bridge";
  /**
   * How long a turn waits for the step that goes on with it, in ms; then it is ended, and
   * that step is a {@linkcode CodexTimeoutError}. With `tools: "bridge"` it takes the place
   * of `toolTimeoutMs`.
   *
   * @default {300000}
   */
  readonly nextStepTimeoutMs?: number;
}

/** How long a turn waits for its next step unless another limit is given, in ms: as long as a user takes to answer. */
const NEXT_STEP_TIMEOUT_MS = 300_000;

/**
 * Options of {@linkcode codexModel}: those of a thread, limits of a turn, and what becomes of
 * the agent's work. `repair` counts answers that are no JSON of the schema's structure; what
 * else a schema says is judged by the AI SDK.
 *
 * @typeParam O The options of the client's threads.
 */
export type CodexModelOptions<O extends ThreadOptions = ThreadOptions> =
  & Omit<O, "tools">
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
  /** What others are asked. */
  readonly bridge: {
    /** Says whether tools of the AI SDK's own may be called. */
    readonly hasTools: boolean;
    /** Says whether requests for leave are handed out. */
    readonly hasApprovals: boolean;
    /** How long an answer may take, in ms. */
    readonly limitMs: number;
  };
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
    tools,
    approvals,
    nextStepTimeoutMs: limitMs = NEXT_STEP_TIMEOUT_MS,
    ...thread
  } = options;
  checkWord("toolParts", toolParts, ["shown", "hidden"]);
  checkWord("commentary", commentary, ["text", "reasoning", "hidden"]);
  checkWord("onMissingThread", onMissingThread, ["error", "restart"]);
  if (typeof tools === "string") checkWord("tools", tools, ["bridge"]);
  if (approvals !== undefined) {
    checkWord("approvals", approvals, ["bridge"]);
    checkApprovals(toolParts, thread);
  }
  checkLimit(limitMs);
  const hasTools = tools === "bridge";
  return {
    thread: (hasTools ? thread : { ...thread, tools }) as unknown as O,
    turn: { timeoutMs, idleTimeoutMs },
    repair,
    answer: { toolParts, commentary },
    restarts: onMissingThread === "restart",
    bridge: { hasTools, hasApprovals: approvals !== undefined, limitMs },
  };
}

/** Rejects what cannot be together with requests for leave that are handed out. */
function checkApprovals(
  toolParts: AnswerOptions["toolParts"],
  thread: object,
): void {
  const problem = toolParts === "hidden"
    ? 'toolParts must be "shown": an approval request refers to a tool call'
    : Reflect.get(thread, "onApproval") !== undefined
    ? "onApproval would decide as well; leave one of them out"
    : undefined;
  if (problem === undefined) return;
  throw new CodexInputError(`Cannot use approvals: "bridge": ${problem}`, {
    path: "approvals",
  });
}

function checkLimit(limitMs: unknown): void {
  if (
    Number.isInteger(limitMs) && Number(limitMs) >= 1 &&
    Number(limitMs) <= MAX_TIMER_MS
  ) return;
  throw new CodexInputError(
    `nextStepTimeoutMs must be a whole number from 1 to ${MAX_TIMER_MS}`,
    { path: "nextStepTimeoutMs" },
  );
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
