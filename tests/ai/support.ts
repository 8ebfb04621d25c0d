/** Builds turns and events for the tests of their mapping. @module */

import type { AgentTurn } from "../../src/ai/agent_client.ts";
import {
  PartMapper,
  type PartMapperOptions,
} from "../../src/ai/part_mapper.ts";
import type { AiPart } from "../../src/ai/model_types.ts";
import type { StreamedEvent } from "../../src/protocol/deltas.ts";
import type { ThreadEvent, Usage } from "../../src/protocol/events.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import { Turn } from "../../src/turn/turn.ts";
import {
  agentMessage,
  commandExecution,
  itemCompleted,
  threadStarted,
  turnStarted,
  usage,
} from "../../testing.ts";

export {
  itemCompleted as completed,
  itemStarted as started,
  itemUpdated as updated,
} from "../../testing.ts";

export const THREAD_ID = "01a00000-0000-7000-8000-000000000001";

export const USAGE: Usage = usage({
  cached_input_tokens: 4,
  cache_write_input_tokens: 3,
  reasoning_output_tokens: 1,
});

/** The events before a turn's items. */
export const BEGUN: readonly ThreadEvent[] = [
  threadStarted(THREAD_ID),
  turnStarted(),
];

export function message(id: string, text: string): ThreadItem {
  return agentMessage(text, { id });
}

export function said(id: string, text: string): ThreadEvent {
  return itemCompleted(message(id, text));
}

/** Returns a finished command. */
export function ran(id: string, exit_code = 0): ThreadItem {
  const fields = { id, exit_code, aggregated_output: "out" };
  return commandExecution({ command: "true", ...fields });
}

/** Returns a complete turn with an answer. */
export function makeTurn(finalResponse: string): Turn {
  return new Turn(
    {
      threadId: THREAD_ID,
      items: [],
      finalResponse,
      usage: USAGE,
      turnUsage: USAGE,
      warnings: ["Slow"],
      diagnostics: [],
    },
    { schema: undefined, read: (text) => JSON.parse(text) },
    {
      durationMs: 7,
    },
  );
}

/** Maps events, and the end of their turn, to parts. */
export function mapEvents(
  events: readonly StreamedEvent[],
  finalResponse: string,
  options: Partial<PartMapperOptions> = {},
): AiPart[] {
  const mapper = new PartMapper({
    toolParts: "shown",
    commentary: "text",
    form: "text",
    tag: "tag",
    modelId: "codex",
    hasRawChunks: false,
    ...options,
  });
  return [
    ...[...BEGUN, ...events].flatMap((event) => mapper.add(event)),
    ...mapper.end(makeTurn(finalResponse)),
  ];
}

/** Formats parts briefly: their kind and their content. */
export function show(parts: readonly AiPart[]): string[] {
  return parts.flatMap((part) => {
    switch (part.type) {
      case "text-start":
      case "reasoning-start":
        return [part.type];
      case "text-delta":
      case "reasoning-delta":
        return [`${part.type} ${part.delta}`];
      case "text-end":
      case "reasoning-end": {
        const isLast = part.providerMetadata?.codex?.usage !== undefined;
        return [isLast ? `${part.type} with usage` : part.type];
      }
      case "tool-call":
        return [`call ${part.toolCallId} ${part.toolName} ${part.input}`];
      case "tool-result": {
        const kind = part.isError
          ? "error"
          : part.preliminary
          ? "so far"
          : "result";
        return [
          `${kind} ${part.toolCallId} ${JSON.stringify(part.result)}`,
        ];
      }
      default:
        return [];
    }
  });
}

/** A fake turn that records whether it was abandoned. */
export interface FakeTurn extends AgentTurn {
  /** Tells whether it was abandoned. */
  isLeft(): boolean;
}

/**
 * Creates a turn from events. After them it hangs if `hangs` is true, and fails if it
 * has an `error`.
 *
 * @param ends Keeps it from ending earlier, even if it is abandoned.
 */
export function fakeTurn(
  events: readonly StreamedEvent[],
  { finalResponse = "", error, hangs = false, ends }: {
    readonly finalResponse?: string;
    readonly error?: unknown;
    readonly hangs?: boolean;
    readonly ends?: Promise<void>;
  } = {},
): FakeTurn {
  const rest = [...events];
  let isLeft = false;
  let leave: (() => void) | undefined;
  const over = { done: true, value: undefined } as const;
  const generator: AgentTurn["events"] = {
    async next(): Promise<IteratorResult<StreamedEvent, void>> {
      const value = rest.shift();
      if (value !== undefined) return { done: false, value };
      if (hangs && !isLeft) {
        await new Promise<void>((resolve) => leave = resolve);
      }
      await ends;
      if (error !== undefined) throw error;
      return over;
    },
    async return(): Promise<IteratorResult<StreamedEvent, void>> {
      isLeft = true;
      leave?.();
      await ends;
      return over;
    },
    throw: (error) => Promise.reject(error),
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return {
    events: generator,
    get result(): Turn {
      return makeTurn(finalResponse);
    },
    isLeft: () => isLeft,
  };
}
