import type {
  ThreadOptions,
  TurnOptions,
  TurnThreadOptions,
} from "../options/options.ts";
import { checkThreadConflicts } from "../options/conflicts.ts";
import { sentTurnOptions, TURN_THREAD_OPTIONS } from "../options/table.ts";
import { mergedTools } from "../options/own_tools.ts";
import type { StructuredOutput } from "../output/structured_output.ts";
import type { TurnRequest } from "../transport/transport.ts";
import type { TurnLimitOptions } from "./limits.ts";

/** A turn of either client, before it reaches the head of the thread's queue. */
export interface PlannedTurn {
  /**
   * The request, without the thread that it continues: that is known at the head of the
   * queue.
   */
  readonly request: Omit<TurnRequest, "threadId" | "origin" | "signal">;
  /** The time limits. */
  readonly limits: TurnLimitOptions;
}

/** The task of a turn: a prompt, a review or a compaction. */
export type TurnTask = Pick<
  TurnRequest,
  "prompt" | "images" | "review" | "compact"
>;

/**
 * Combines the checked parts of a turn.
 *
 * @throws {CodexInputError} If options of the turn conflict with those of the thread.
 */
export function planTurn(
  input: TurnTask,
  baseOptions: ThreadOptions,
  options: Omit<TurnOptions, "signal" | "outputType">,
  output: Pick<StructuredOutput<unknown>, "schema">,
): PlannedTurn {
  const threadOptions = { ...baseOptions, ...turnThreadOptions(options) };
  checkThreadConflicts(threadOptions);
  return {
    request: {
      ...sentTurnOptions(options),
      prompt: input.prompt,
      images: input.images,
      review: input.review,
      compact: input.compact,
      threadOptions,
      baseOptions,
      repair: options.repair ?? undefined,
      tools: mergedTools(threadOptions.tools, options.tools),
      toolTimeoutMs: options.toolTimeoutMs ?? threadOptions.toolTimeoutMs,
      outputSchema: output.schema,
    },
    limits: {
      timeoutMs: options.timeoutMs ?? undefined,
      idleTimeoutMs: options.idleTimeoutMs ?? undefined,
    },
  };
}

/** Returns the thread options that a turn sets; an empty string counts as not set. */
function turnThreadOptions(options: TurnThreadOptions): TurnThreadOptions {
  const given = Object.keys(TURN_THREAD_OPTIONS)
    .map((name): [string, unknown] => [name, Reflect.get(options, name)])
    .filter(([, value]) =>
      value !== undefined && value !== null && value !== ""
    );
  return Object.fromEntries(given);
}
