import { type Decision, readDecision } from "../protocol/decision.ts";
import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { ThreadEvent, Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { mcpApprovalWarning } from "./mcp_approval.ts";
import { nextState, type TurnFields, type TurnState } from "./state.ts";

/** The maximum number of warnings, and of diagnostics, that a state keeps. */
const MAX_KEPT = 100;

/**
 * Returns the state of a turn after one more event. Pure: the given state is not changed.
 * Only `turn.completed` means success, and a `turn.failed` is final. Both count even if
 * their other fields are malformed.
 *
 * @example Fold recorded events
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

/**
 * Returns the fields of a state that an event changes, apart from the items; `undefined`
 * for most events.
 */
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
      return clearLastError(event.item, state);
    case "turn.started":
    case "attempt.started":
      return undefined;
  }
}

/** Adds a diagnostic to the state of a turn; the first 100 are kept. */
export function noteDiagnostic(
  state: TurnState,
  diagnostic: Diagnostic,
): TurnState {
  const changes = changesFromDiagnostic(diagnostic, state);
  return changes === undefined ? state : nextState(state, changes);
}

/** Returns the fields of a state that a diagnostic changes. */
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
      return { ...clearLastError(item, state), finalResponse: item.text };
    case "error":
      return { warnings: warn(state, item.message) };
    case "mcp_tool_call": {
      const warning = mcpApprovalWarning(item);
      // An agent may try again and again.
      return warning === undefined || state.warnings.includes(warning)
        ? clearLastError(item, state)
        : { ...clearLastError(item, state), warnings: warn(state, warning) };
    }
    default:
      return clearLastError(item, state);
  }
}

/** Clears the last error when the turn continues after it. */
function clearLastError(
  item: ThreadItem,
  { lastError }: TurnState,
): Partial<TurnFields> | undefined {
  return lastError === null || item.type === "error"
    ? undefined
    : { lastError: null };
}

/**
 * Returns the fields that a decision changes, including a decision by a malformed event.
 */
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
