import type { ThreadOptions, TurnOptions } from "../options/options.ts";
import { sentTurnOptions } from "../options/table.ts";
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

/** Puts together what was checked of a turn. */
export function planTurn(
  input: AskedFor,
  threadOptions: ThreadOptions,
  options: Omit<TurnOptions, "signal" | "outputType">,
  output: Pick<StructuredOutput<unknown>, "schema">,
): PlannedTurn {
  return {
    request: {
      ...sentTurnOptions(options),
      prompt: input.prompt,
      images: input.images,
      review: input.review,
      compact: input.compact,
      threadOptions,
      outputSchema: output.schema,
    },
    limits: {
      timeoutMs: options.timeoutMs ?? undefined,
      idleTimeoutMs: options.idleTimeoutMs ?? undefined,
    },
  };
}
