import { CodexInputError } from "../errors/codex_error.ts";
import type { ThreadOptions, TurnOptions } from "../options/options.ts";
import { MAX_TIMER_MS } from "../options/table.ts";
import type { ToolOptions } from "../options/tools.ts";
import { quoted } from "../util/text.ts";

/** Options that control how a turn becomes an answer. */
export interface AnswerOptions {
  /**
   * Shows or hides commands, patches, searches and MCP tool calls as parts of the answer:
   * tools that the agent ran itself. `hidden` is for libraries that would execute every such
   * part as a call, such as `aisdk()` of the Agents SDK.
   *
   * @default {"shown"}
   */
  readonly toolParts?: "shown" | "hidden" | undefined;
  /**
   * The form of the agent's messages before its last one: text, reasoning, or left out. If
   * JSON is requested, with or without a schema, only the last message is text, and `text`
   * means `reasoning`.
   *
   * @default {"text"}
   */
  readonly commentary?: "text" | "reasoning" | "hidden" | undefined;
}

/** Options of {@linkcode codexModel} that are not options of a thread. */
export interface CodexModelOnlyOptions
  extends
    AnswerOptions,
    Pick<TurnOptions, "timeoutMs" | "idleTimeoutMs" | "repair"> {
  /**
   * The reaction to a missing thread that a call wants to continue: `error` fails with a
   * {@linkcode CodexThreadNotFoundError}, `restart` starts a new thread with all messages as
   * one prompt.
   *
   * @default {"error"}
   */
  readonly onMissingThread?: "error" | "restart" | undefined;
  /**
   * With `bridge`, the agent may call the tools that are passed to the AI SDK: the step ends
   * with a call, the turn waits, and the next step, with the result, continues the same turn.
   * That next step has to run in the same process.
   *
   * Otherwise the tools of the thread, which the agent calls without the AI SDK; with
   * `bridge`, pass such tools to the client.
   */
  readonly tools?: "bridge" | ToolOptions["tools"] | undefined;
  /**
   * With `bridge`, the agent's requests for approval become tool approval requests of the AI
   * SDK, for example for buttons in a chat, and the next step continues with the answer.
   * Requires a `CodexAppServer`, and replaces `onApproval`.
   *
   * @default {undefined} The AI SDK is not asked
   */
  readonly approvals?: "bridge" | undefined;
  /**
   * Milliseconds that a turn waits for the next step. After that, the turn is ended, and the
   * step fails with a {@linkcode CodexTimeoutError}. With `tools: "bridge"`, it replaces
   * `toolTimeoutMs`.
   *
   * @default {300000}
   */
  readonly nextStepTimeoutMs?: number | undefined;
}

/** The default of `nextStepTimeoutMs`: enough time for a user to answer. */
const NEXT_STEP_TIMEOUT_MS = 300_000;

/**
 * Options of {@linkcode codexModel}: those of a thread, limits of a turn, and the form of the
 * answer. `repair` applies to answers that are not JSON with the schema's structure; the AI
 * SDK itself checks the rest of the schema.
 *
 * @typeParam O The options of the client's threads.
 */
export type CodexModelOptions<O extends ThreadOptions = ThreadOptions> =
  & Omit<O, "tools">
  & CodexModelOnlyOptions;

/** The options of a model, by their use. */
export interface SplitModelOptions<O extends ThreadOptions> {
  /** The options of its threads. */
  readonly thread: O;
  /** The options of its turns. */
  readonly turn: Pick<TurnOptions, "timeoutMs" | "idleTimeoutMs">;
  /** The maximum number of further attempts at an answer. */
  readonly repair: number | undefined;
  /** The options that control how a turn becomes an answer. */
  readonly answer: Required<AnswerOptions>;
  /** True if a new thread is started in place of a missing one. */
  readonly restarts: boolean;
  /** The questions that are passed on to the AI SDK. */
  readonly bridge: {
    /** True if the AI SDK's own tools may be called. */
    readonly hasTools: boolean;
    /** True if approval requests are passed on. */
    readonly hasApprovals: boolean;
    /** Milliseconds that the turn waits for the next step. */
    readonly limitMs: number;
  };
}

/**
 * Checks the model's own options, and separates them from those of a thread, which the
 * client checks.
 *
 * @throws {CodexInputError} If an option cannot be used.
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

/** Rejects options that cannot be combined with `approvals: "bridge"`. */
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

/** Rejects an option that is not one of the words. */
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
