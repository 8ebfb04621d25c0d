import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { ThreadEvent, Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { AppendList } from "./append_list.ts";
import { ListedTurnState, type TurnFields, type TurnState } from "./state.ts";

/** How many warnings and diagnostics a state keeps. */
const KEPT = 100;

/** No tokens: the total of a thread before its first turn. */
export const NO_USAGE: Usage = {
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_input_tokens: 0,
  output_tokens: 0,
  reasoning_output_tokens: 0,
};

/** What is known of a turn before its first event. */
export interface InitialTurn {
  /**
   * The thread that is continued.
   *
   * @default {null} A new thread
   */
  threadId?: string | null;
  /**
   * The thread's token total before this turn; `null` where it is not known.
   *
   * @default {NO_USAGE} Zeros, the total of a new thread
   */
  usageBefore?: Usage | null;
}

/** The state of a turn before its first event. */
export function initialTurnState(
  { threadId = null, usageBefore = NO_USAGE }: InitialTurn = {},
): TurnState {
  return new ListedTurnState({
    status: "running",
    threadId,
    finalResponse: "",
    usage: null,
    usageBefore,
    failure: null,
    lastError: null,
    warnings: [],
    diagnostics: [],
  }, new AppendList());
}

/**
 * The state of a turn after one more event. Pure: the state that is given stays
 * as it is. Only `turn.completed` means success, and `turn.failed` stays, also
 * when one of them comes with fields that are not what they should be.
 *
 * @example Fold recorded events
 * ```ts
 * import { initialTurnState, parseThreadEvent, reduceTurn } from "@acodex/sdk/streams";
 *
 * let state = initialTurnState();
 * state = reduceTurn(state, parseThreadEvent({
 *   type: "item.completed",
 *   item: { id: "item_0", type: "agent_message", text: "Hello" },
 * }));
 * console.log(state.finalResponse); // Hello
 * ```
 */
export function reduceTurn(state: TurnState, event: ThreadEvent): TurnState {
  const changes = changesBy(event, state);
  if (event.type === "item.completed") {
    return ListedTurnState.of(state).withItem(event.item, changes);
  }
  return changes === undefined
    ? state
    : ListedTurnState.of(state).with(changes);
}

/** What an event changes of a state, beside adding an item; nothing with most events. */
export function changesBy(
  event: ThreadEvent,
  state: TurnState,
): Partial<TurnFields> | undefined {
  switch (event.type) {
    case "thread.started":
      return { threadId: event.thread_id };
    case "item.completed":
      return changesByItem(event.item, state);
    case "turn.completed":
      return completion(state, event.usage);
    case "turn.failed":
      return failure(state, event.error.message);
    case "error":
      return {
        lastError: event.message,
        warnings: warn(state, event.message),
      };
    case "unknown":
      if (event.event_type === "turn.completed") return completion(state, null);
      if (event.event_type === "turn.failed") return failure(state, "");
      return undefined;
    case "turn.started":
    case "item.started":
    case "item.updated":
      return undefined;
  }
}

/** The state of a turn with one more thing that was not understood; the first 100 are kept. */
export function noteDiagnostic(
  state: TurnState,
  diagnostic: Diagnostic,
): TurnState {
  const changes = changesByDiagnostic(diagnostic, state);
  return changes === undefined
    ? state
    : ListedTurnState.of(state).with(changes);
}

/** What a diagnostic changes of a state. */
export function changesByDiagnostic(
  diagnostic: Diagnostic,
  state: TurnState,
): Partial<TurnFields> | undefined {
  if (state.diagnostics.length >= KEPT) return undefined;
  return { diagnostics: [...state.diagnostics, diagnostic] };
}

function changesByItem(
  item: ThreadItem,
  state: TurnState,
): Partial<TurnFields> | undefined {
  switch (item.type) {
    case "agent_message":
      return { finalResponse: item.text };
    case "error":
      return { warnings: warn(state, item.message) };
    default:
      return undefined;
  }
}

function completion(
  state: TurnState,
  usage: Usage | null,
): Partial<TurnFields> {
  const status = state.status === "failed" ? "failed" : "completed";
  return { status, usage };
}

/** A failure without words of its own takes those of the last `error` event (facts F2). */
function failure(state: TurnState, message: string): Partial<TurnFields> {
  const words = message || state.lastError ||
    "The turn failed, without a message";
  return { status: "failed", failure: words };
}

function warn(state: TurnState, message: string): readonly string[] {
  return [...state.warnings, message].slice(-KEPT);
}
