import { type Decision, readDecision } from "../protocol/decision.ts";
import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { ThreadEvent, Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { mcpApprovalWarning } from "./mcp_approval.ts";
import { nextState, type TurnFields, type TurnState } from "./state.ts";

/** The most warnings, and the most diagnostics, that a state keeps. */
const MAX_KEPT = 100;

/**
 * Gives the state of a turn after one more event. Pure: the state that is given stays
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
  const changes = changesFrom(event, state);
  if (event.type === "item.completed") {
    return nextState(state, changes, event.item);
  }
  return changes === undefined ? state : nextState(state, changes);
}

/** Gives what an event changes of a state, beside adding an item; nothing with most events. */
export function changesFrom(
  event: ThreadEvent,
  state: TurnState,
): Partial<TurnFields> | undefined {
  switch (event.type) {
    case "thread.started":
      return { threadId: event.thread_id };
    case "item.completed":
      return changesFromItem(event.item, state);
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
      return changesFromDecision(readDecision(event), state);
    case "item.started":
    case "item.updated":
      return goneOn(event.item, state);
    case "turn.started":
    case "attempt.started":
      return undefined;
  }
}

/** Adds one more thing that was not understood to the state of a turn; the first 100 are kept. */
export function noteDiagnostic(
  state: TurnState,
  diagnostic: Diagnostic,
): TurnState {
  const changes = changesFromDiagnostic(diagnostic, state);
  return changes === undefined ? state : nextState(state, changes);
}

/** Gives what a diagnostic changes of a state. */
export function changesFromDiagnostic(
  diagnostic: Diagnostic,
  state: TurnState,
): Partial<TurnFields> | undefined {
  if (state.diagnostics.length >= MAX_KEPT) return undefined;
  return { diagnostics: [...state.diagnostics, diagnostic] };
}

function changesFromItem(
  item: ThreadItem,
  state: TurnState,
): Partial<TurnFields> | undefined {
  switch (item.type) {
    case "agent_message":
      return { ...goneOn(item, state), finalResponse: item.text };
    case "error":
      return { warnings: warn(state, item.message) };
    case "mcp_tool_call": {
      const warning = mcpApprovalWarning(item);
      // An agent may try again and again.
      return warning === undefined || state.warnings.includes(warning)
        ? goneOn(item, state)
        : { ...goneOn(item, state), warnings: warn(state, warning) };
    }
    default:
      return goneOn(item, state);
  }
}

/** Forgets the last error of a turn that goes on after it. */
function goneOn(
  item: ThreadItem,
  { lastError }: TurnState,
): Partial<TurnFields> | undefined {
  return lastError === null || item.type === "error"
    ? undefined
    : { lastError: null };
}

/** Gives what a decision changes, also one whose event has fields that are not what they should be. */
function changesFromDecision(
  decision: Decision | undefined,
  state: TurnState,
): Partial<TurnFields> | undefined {
  if (decision === undefined) return undefined;
  return decision === "completed"
    ? completion(state, null)
    : failure(state, "");
}

function completion(
  state: TurnState,
  usage: Usage | null,
): Partial<TurnFields> {
  const status = state.status === "failed" ? "failed" : "completed";
  return { status, usage };
}

// Facts F2: the CLI may say why in an `error` event alone.
function failure(state: TurnState, message: string): Partial<TurnFields> {
  const words = message || state.lastError ||
    "The turn failed without a message";
  return { status: "failed", failure: words };
}

function warn(state: TurnState, message: string): readonly string[] {
  return [...state.warnings, message].slice(-MAX_KEPT);
}
