import type { CodexError } from "../errors/codex_error.ts";
import type { FailureFacts } from "../errors/failure_reason.ts";
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
import { readFailure, type ReportedFailure } from "./read_failure.ts";
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
  /** This turn's share of the total; `null` if the total before it is unknown. */
  readonly turnUsage: Usage | null;
}

/** The outcome of a turn: a result, or the one error that the caller sees. */
export type TurnOutcome =
  | {
    /** True for a completed turn. */
    readonly ok: true;
    /** The turn. */
    readonly result: TurnResult;
  }
  | {
    /** False for a turn that is not complete. */
    readonly ok: false;
    /** The reason why the turn is not complete. */
    readonly error: CodexError;
  };

/** The parts of a turn's request that distinguish some failures. */
export interface FinishTurnOptions {
  /**
   * The thread that was to be continued.
   *
   * @default {null} A new thread
   */
  readonly threadId?: string | null;
  /**
   * The origin of a new thread.
   *
   * @default {NEW_THREAD} An empty thread
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
  /** The failure that `turn.failed` reports, if it was received. */
  readonly reported: ReportedFailure | undefined;
  readonly ending: Exclude<TurnEnding, { type: "not_started" }>;
  readonly facts: TurnFacts;
  readonly request: FinishTurnOptions;
}

/**
 * Checks for failures that the CLI and the service report only in message text. The first
 * error counts; if there is none, the ending decides.
 */
const REFINEMENTS: readonly ((failure: Failure) => CodexError | undefined)[] = [
  schemaRejected,
  threadNotResumed,
];

/**
 * Maps a turn's state and ending to its outcome. Pure.
 *
 * - `turn.completed` means success regardless of the ending, unless a `turn.failed`
 *   comes before or after it.
 * - Otherwise a cancelled turn results in a {@linkcode CodexCancelledError}, an
 *   interrupted one in a {@linkcode CodexInterruptedError}, one that exceeded a time
 *   limit in a {@linkcode CodexTimeoutError}, and `turn.failed` in a {@linkcode
 *   CodexThreadRunError} with the CLI's message, regardless of the exit code.
 * - If the client could not continue, the error is a {@linkcode CodexTurnError} with
 *   the code of the problem.
 * - A line that could not be read results in a {@linkcode CodexProtocolError}, a CLI
 *   that exited with an error in a {@linkcode CodexExecError}, and a CLI that stopped
 *   without saying how the turn ended, even with exit code 0, in a {@linkcode
 *   CodexIncompleteTurnError}.
 *
 * The error of a turn that was started carries the items so far.
 */
export function finishTurn(
  state: TurnState,
  ending: TurnEnding,
  request: FinishTurnOptions = {},
): TurnOutcome {
  return state.status === "completed"
    ? { ok: true, result: makeResult(state, ending) }
    : { ok: false, error: turnError(state, ending, request) };
}

function makeResult(state: TurnState, ending: TurnEnding): TurnResult {
  return {
    ...recordIn(state),
    items: [...state.items],
    finalResponse: state.finalResponse,
    turnUsage: usageBetween(state.usageBefore, state.usage),
    warnings: [...state.warnings, ...lateWarnings(ending)],
  };
}

/** Lists the problems that occurred after the turn was complete. */
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
  const reported = readReportedFailure(state, ending);
  const failure: Failure = { state, reported, ending, facts, request };
  for (const refine of REFINEMENTS) {
    const error = refine(failure);
    if (error !== undefined) return error;
  }
  if (reported !== undefined) return failureError(reported, facts);
  switch (ending.type) {
    case "failed":
      return failedError(ending.error, facts);
    case "protocol_error":
      return protocolError(ending.problem, { facts });
    case "exited":
      return exitError(state, ending, facts);
  }
}

/** Reads the failure that `turn.failed` reports. */
function readReportedFailure(
  { failure }: TurnState,
  ending: TurnEnding,
): ReportedFailure | undefined {
  if (failure === null) return undefined;
  const info = ending.type === "exited" ? ending.errorInfo : undefined;
  return readFailure(failure, info);
}

/** Creates the error for a turn that failed with a message of the CLI. */
function failureError(
  { message, serviceMessage: _, ...cause }: ReportedFailure,
  facts: TurnFacts,
): CodexThreadRunError {
  return new CodexThreadRunError(message, { ...cause, facts });
}

/** Creates the error for an output schema that the service rejected. */
function schemaRejected(
  { reported, facts, request }: Failure,
): CodexError | undefined {
  if (reported?.reason !== "invalid_schema") return undefined;
  if (request.outputSchema === undefined) return undefined;
  const cause = failureError(reported, facts);
  const { reason, httpStatus, serviceCode, httpBody } = reported;
  const why = reported.serviceMessage ?? "it did not say why";
  return new CodexThreadRunError(
    `The service rejected the output schema: ${why}`,
    {
      code: "invalid_output_schema",
      ...{ reason, httpStatus, serviceCode, httpBody, facts, cause },
    },
  );
}

/** Creates the error for a CLI that exited because it could not resume the thread. */
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
  // The error after which the CLI was retrying when the time ran out.
  const { words, ...cause } = readCause(lastError);
  const last = words === "" ? "" : `; the last error was: ${words}`;
  const options = { ...cause, limitMs: ms, facts };
  return limit === "turn"
    ? new CodexTimeoutError(
      `Turn timed out: it took longer than ${ms} ms (timeoutMs)${last}`,
      options,
    )
    : new CodexIdleTimeoutError(
      `Turn timed out: no event for ${ms} ms (idleTimeoutMs)${last}`,
      options,
    );
}

/**
 * A cause that the CLI reports, and its message; the message is empty if there is no
 * cause.
 */
interface Cause extends Partial<FailureFacts> {
  readonly words: string;
}

function readCause(reported: string | null): Cause {
  if (reported === null || reported === "") return { words: "" };
  const { message: words, serviceMessage: _, ...cause } = readFailure(reported);
  return { words, ...cause };
}

/** Adds the facts of the turn to the error of the client that ended it. */
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
  const { words, ...cause } = exitCause(state, process, lingered);
  const because = (what: string): string =>
    words === "" ? what : `${what}: ${words}`;
  const options = { ...cause, facts };
  if (process === null) {
    return new CodexIncompleteTurnError(
      because(
        "codex ended the conversation without saying that the turn is complete",
      ),
      options,
    );
  }
  // An exit code of 0 alone does not complete a turn (facts F4).
  if (process.exitCode === 0) {
    return new CodexIncompleteTurnError(
      because("codex exited without saying that the turn is complete"),
      options,
    );
  }
  if (lingered) {
    return new CodexIncompleteTurnError(
      because(
        "codex closed its output without saying that the turn is complete, and did not exit",
      ),
      options,
    );
  }
  return new CodexExecError(because(`codex ${describeExit(process)}`), {
    ...options,
    code: "exited",
  });
}

/** Reads why the CLI gave up: its last `error` event, otherwise its stderr. */
function exitCause(
  { lastError }: TurnState,
  process: ProcessFacts | null,
  lingered: boolean,
): Cause {
  const isBad = process !== null && process.exitCode !== 0 && !lingered;
  if (lastError !== null || !isBad) return readCause(lastError);
  const words = readStderrReason(process.stderr, process.signal !== null);
  const cause = readCause(words);
  // JSON on stderr is not a response of the service.
  return cause.httpBody ? { words } : cause;
}

function describeExit({ exitCode, signal }: ProcessFacts): string {
  return signal === null
    ? `exited with code ${exitCode ?? "unknown"}`
    : `was ended by ${signal}`;
}
