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

/** A turn of either client, before its place in the queue has come. */
export interface PlannedTurn {
  /** The request; which thread it continues is known when its place has come. */
  readonly request: Omit<TurnRequest, "threadId" | "origin" | "signal">;
  /** Limits on its time. */
  readonly limits: TurnLimitOptions;
}

/** What a turn is to do. */
export type AskedFor = Pick<
  TurnRequest,
  "prompt" | "images" | "review" | "compact"
>;

/**
 * Puts together what was checked of a turn.
 *
 * @throws {CodexInputError} For options of the turn that cannot go with the thread's.
 */
export function planTurn(
  input: AskedFor,
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

/** Gives the options of the thread that a turn gives itself; an empty string is the same as nothing. */
function turnThreadOptions(options: TurnThreadOptions): TurnThreadOptions {
  const given = Object.keys(TURN_THREAD_OPTIONS)
    .map((name): [string, unknown] => [name, Reflect.get(options, name)])
    .filter(([, value]) =>
      value !== undefined && value !== null && value !== ""
    );
  return Object.fromEntries(given);
}
