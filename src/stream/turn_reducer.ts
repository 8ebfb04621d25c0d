import type { Diagnostic } from "../diagnostics.ts";
import type { ThreadEvent, Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { AppendList } from "./append_list.ts";
import { ListedTurnState, type TurnState } from "./turn_state.ts";

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
  switch (event.type) {
    case "thread.started":
      return ListedTurnState.of(state).with({ threadId: event.thread_id });
    case "item.completed":
      return addItem(ListedTurnState.of(state), event.item);
    case "turn.completed":
      return complete(state, event.usage);
    case "turn.failed":
      return fail(state, event.error.message);
    case "error":
      return ListedTurnState.of(state).with({
        lastError: event.message,
        warnings: warn(state, event.message),
      });
    case "unknown":
      if (event.event_type === "turn.completed") return complete(state, null);
      if (event.event_type === "turn.failed") {
        return fail(state, "");
      }
      return state;
    case "turn.started":
    case "item.started":
    case "item.updated":
      return state;
  }
}

/** The state of a turn with one more thing that was not understood; the first 100 are kept. */
export function noteDiagnostic(
  state: TurnState,
  diagnostic: Diagnostic,
): TurnState {
  if (state.diagnostics.length >= KEPT) return state;
  return ListedTurnState.of(state).with({
    diagnostics: [...state.diagnostics, diagnostic],
  });
}

function addItem(state: ListedTurnState, item: ThreadItem): TurnState {
  switch (item.type) {
    case "agent_message":
      return state.withItem(item, { finalResponse: item.text });
    case "error":
      return state.withItem(item, { warnings: warn(state, item.message) });
    default:
      return state.withItem(item, {});
  }
}

function complete(state: TurnState, usage: Usage | null): TurnState {
  const status = state.status === "failed" ? "failed" : "completed";
  return ListedTurnState.of(state).with({ status, usage });
}

/** A failure without words of its own takes those of the last `error` event (facts F2). */
function fail(state: TurnState, message: string): TurnState {
  const failure = message || state.lastError ||
    "The turn failed, without a message";
  return ListedTurnState.of(state).with({ status: "failed", failure });
}

function warn(state: TurnState, message: string): readonly string[] {
  return [...state.warnings, message].slice(-KEPT);
}
