import type { CodexError } from "../errors/codex_error.ts";
import { protocolError } from "../errors/protocol_errors.ts";
import {
  CodexCancelledError,
  CodexExecError,
  CodexIdleTimeoutError,
  CodexIncompleteTurnError,
  CodexInterruptedError,
  CodexThreadRunError,
  CodexTimeoutError,
  CodexTurnError,
  withTurnFacts,
} from "../errors/turn_errors.ts";
import {
  NO_PROCESS_FACTS,
  type ProcessFacts,
  recordIn,
  type TurnFacts,
  type TurnRecord,
} from "../errors/turn_facts.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { ThreadItem } from "../protocol/items.ts";
import type { Usage } from "../protocol/events.ts";
import type { TurnEnding } from "../transport/ending.ts";
import type { ThreadOrigin } from "../transport/origin.ts";
import { serviceSchemaError } from "./failures.ts";
import { readReason } from "./http_body.ts";
import { resumeFailure } from "./resume_failures.ts";
import type { TurnState } from "./state.ts";
import { readStderrReason } from "./stderr_reason.ts";
import { usageBetween } from "./usage.ts";

/** A completed turn. */
export interface TurnResult extends TurnRecord {
  /** The completed items, in the order of their completion. */
  readonly items: ThreadItem[];
  /** The text of the last completed agent message; empty if there was none. */
  readonly finalResponse: string;
  /** This turn's own share of the total; `null` where the total before it is not known. */
  readonly turnUsage: Usage | null;
}

/** The outcome of a turn: a result, or the one error that its user sees. */
export type TurnOutcome =
  | {
    /** True for a completed turn. */
    readonly ok: true;
    /** The turn. */
    readonly result: TurnResult;
  }
  | {
    /** False for a turn that ended badly. */
    readonly ok: false;
    /** The reason why it is not complete. */
    readonly error: CodexError;
  };

/** The part of a turn's request that tells some failures apart. */
export interface FinishTurnOptions {
  /**
   * The thread that was to be continued.
   *
   * @default {null} A new thread
   */
  readonly threadId?: string | null;
  /**
   * What a new thread was to begin as.
   *
   * @default {NEW_THREAD} Nothing
   */
  readonly origin?: ThreadOrigin;
  /**
   * The JSON Schema that was sent.
   *
   * @default {undefined} None
   */
  readonly outputSchema?: JsonObject | undefined;
}

/** A turn that is not complete, before the class of its error is chosen. */
interface Failure {
  readonly state: TurnState;
  readonly ending: Exclude<TurnEnding, { type: "not_started" }>;
  readonly facts: TurnFacts;
  readonly request: FinishTurnOptions;
}

/**
 * Failures that the CLI and the service tell in words alone. The first that gives an
 * error counts; the ending decides where none does.
 */
const REFINEMENTS: readonly ((failure: Failure) => CodexError | undefined)[] = [
  schemaNotTaken,
  threadNotResumed,
];

/**
 * Maps a turn's state and ending to its outcome. Pure.
 *
 * - `turn.completed` is success, and no ending changes that; only a `turn.failed`
 *   before or after it does.
 * - Otherwise a cancelled turn is a {@linkcode CodexCancelledError}, one whose time
 *   was up a {@linkcode CodexTimeoutError}, and `turn.failed` a
 *   {@linkcode CodexThreadRunError} with the CLI's words, whatever the exit code.
 * - Where this side could not go on, it is a {@linkcode CodexTurnError} with the
 *   code of what stood in the way.
 * - A line that could not be read is a {@linkcode CodexProtocolError}, a CLI that
 *   ended badly a {@linkcode CodexExecError}, and one that stopped without saying how
 *   the turn ended, even with exit code 0, a {@linkcode CodexIncompleteTurnError}.
 *
 * Each error carries the items so far.
 */
export function finishTurn(
  state: TurnState,
  ending: TurnEnding,
  request: FinishTurnOptions = {},
): TurnOutcome {
  return state.status === "completed"
    ? { ok: true, result: resultOf(state, ending) }
    : { ok: false, error: turnError(state, ending, request) };
}

function resultOf(state: TurnState, ending: TurnEnding): TurnResult {
  return {
    ...recordIn(state),
    items: [...state.items],
    finalResponse: state.finalResponse,
    turnUsage: usageBetween(state.usageBefore, state.usage),
    warnings: [...state.warnings, ...lateWarnings(ending)],
  };
}

/** Gives what went wrong after the turn was complete. */
function lateWarnings(ending: TurnEnding): string[] {
  switch (ending.type) {
    case "exited": {
      const { lingered, process } = ending;
      return lingered || process === null || process.exitCode === 0
        ? []
        : [`codex ${describeExit(process)} after the turn was complete`];
    }
    case "protocol_error":
      return [ending.problem.message];
    case "failed":
      return [ending.error.message];
    case "aborted":
    case "abandoned":
    case "interrupted":
    case "timed_out":
    case "not_started":
      return [];
  }
}

/** Maps the state and ending of a turn that is not complete to its error. */
export function turnError(
  state: TurnState,
  ending: TurnEnding,
  request: FinishTurnOptions = {},
): CodexError {
  if (ending.type === "not_started") return ending.error;
  const process = ending.process ?? NO_PROCESS_FACTS;
  const facts = { ...recordIn(state), ...process };
  if (ending.type === "aborted" || ending.type === "abandoned") {
    const cause = ending.type === "aborted" ? ending.reason : undefined;
    return new CodexCancelledError(undefined, { cause, facts });
  }
  if (ending.type === "interrupted") {
    return new CodexInterruptedError(undefined, { facts });
  }
  if (ending.type === "timed_out") {
    return timeoutError(ending, state.lastError, facts);
  }
  const failure: Failure = { state, ending, facts, request };
  for (const refine of REFINEMENTS) {
    const error = refine(failure);
    if (error !== undefined) return error;
  }
  if (state.failure !== null) return failureError(state.failure, facts);
  switch (ending.type) {
    case "failed":
      return failedError(ending.error, facts);
    case "protocol_error":
      return protocolError(ending.problem, { facts });
    case "exited":
      return exitError(state, ending, facts);
  }
}

/** Makes the error for a turn that failed in the CLI's words. */
function failureError(words: string, facts: TurnFacts): CodexThreadRunError {
  const { message, httpBody } = readReason(words);
  return new CodexThreadRunError(message, { httpBody, facts });
}

/** Makes the error for an output schema that the service did not take. */
function schemaNotTaken(
  { state, facts, request }: Failure,
): CodexError | undefined {
  if (state.failure === null || request.outputSchema === undefined) {
    return undefined;
  }
  const reason = serviceSchemaError(state.failure);
  if (reason === undefined) return undefined;
  return new CodexThreadRunError(
    `The service refuses the output schema: ${reason}`,
    {
      code: "invalid_output_schema",
      facts,
      httpBody: readReason(state.failure).httpBody,
      cause: failureError(state.failure, facts),
    },
  );
}

/** Makes the error for a CLI that gave up since it does not resume the thread. */
function threadNotResumed(
  { state, ending, facts, request }: Failure,
): CodexError | undefined {
  const { origin } = request;
  const threadId = origin?.type === "fork"
    ? request.threadId ?? origin.threadId
    : request.threadId ?? null;
  const gaveUp = state.failure === null && ending.type === "exited" &&
    !ending.lingered && facts.exitCode !== 0;
  if (threadId === null || !gaveUp) return undefined;
  return resumeFailure(
    readStderrReason(facts.stderr, facts.signal !== null),
    threadId,
    facts,
  );
}

function timeoutError(
  { limit, ms }: { readonly limit: "turn" | "idle"; readonly ms: number },
  lastError: string | null,
  facts: TurnFacts,
): CodexTimeoutError {
  const last = lastError === null
    ? ""
    : `; the last error was: ${readReason(lastError).message}`;
  return limit === "turn"
    ? new CodexTimeoutError(
      `Turn timed out: it took longer than ${ms} ms (timeoutMs)${last}`,
      { limitMs: ms, facts },
    )
    : new CodexIdleTimeoutError(
      `Turn timed out: no event for ${ms} ms (idleTimeoutMs)${last}`,
      { limitMs: ms, facts },
    );
}

/** Gives the error of this side with the facts of the turn that it ended. */
function failedError(error: CodexError, facts: TurnFacts): CodexTurnError {
  if (error instanceof CodexTurnError) return withTurnFacts(error, facts);
  const { message, code, cause } = error;
  return new CodexTurnError(message, { code, facts, cause });
}

function exitError(
  state: TurnState,
  { process, lingered }: Extract<TurnEnding, { type: "exited" }>,
  facts: TurnFacts,
): CodexError {
  // An `error` event is the CLI's own word on why it gave up.
  const lastError = state.lastError && readReason(state.lastError).message;
  const because = (what: string): string =>
    lastError === null ? what : `${what}: ${lastError}`;
  if (process === null) {
    return new CodexIncompleteTurnError(
      because(
        "codex ended the conversation without saying that the turn is complete",
      ),
      { facts },
    );
  }
  // An exit code of 0 alone completes nothing (facts F4).
  if (process.exitCode === 0) {
    return new CodexIncompleteTurnError(
      because("codex exited without saying that the turn is complete"),
      { facts },
    );
  }
  if (lingered) {
    return new CodexIncompleteTurnError(
      because(
        "codex closed its output without saying that the turn is complete, and did not exit",
      ),
      { facts },
    );
  }
  // Stderr comes second.
  const reason = lastError ??
    readStderrReason(process.stderr, process.signal !== null);
  const exit = `codex ${describeExit(process)}`;
  return new CodexExecError(
    reason === "" ? exit : `${exit}: ${reason}`,
    { code: "exited", facts },
  );
}

function describeExit({ exitCode, signal }: ProcessFacts): string {
  return signal === null
    ? `exited with code ${exitCode ?? "unknown"}`
    : `was ended by ${signal}`;
}
