import type { Diagnostic } from "../protocol/diagnostics.ts";
import type { CodexError } from "../errors/codex_error.ts";
import type { Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { shortenStart } from "../util/text.ts";
import type { ProcessFacts, TurnEnding } from "../transport/transport.ts";
import {
  CodexCancelledError,
  CodexExecError,
  CodexIdleTimeoutError,
  CodexIncompleteTurnError,
  CodexThreadRunError,
  CodexTimeoutError,
  CodexTurnError,
} from "../errors/turn_errors.ts";
import type { TurnFacts } from "../errors/turn_facts.ts";
import { protocolError } from "../errors/protocol_errors.ts";
import type { TurnState } from "./state.ts";

/** How much of stderr stands in a message, in characters. */
const STDERR_IN_MESSAGE = 2048;

/** What the CLI says on stderr also when all is well (facts F8). */
const STDERR_GREETING =
  /^Reading (?:prompt|additional input) from stdin\.\.\.$/;

/** A completed turn. */
export interface TurnResult {
  /** The thread, if it was named. */
  readonly threadId: string | null;
  /** The completed items, in the order of their completion. */
  readonly items: ThreadItem[];
  /** The text of the last completed agent message; empty if there was none. */
  readonly finalResponse: string;
  /** The thread's token total after this turn (facts F5). */
  readonly usage: Usage | null;
  /** This turn's own share of the total; `null` where the total before it is not known. */
  readonly turnUsage: Usage | null;
  /** What went wrong on the way: the latest 100 messages of `error` events and items. */
  readonly warnings: readonly string[];
  /** What was not understood on the CLI's output: the first 100. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a turn comes to: a result, or the one error that its user sees. */
export type TurnOutcome =
  | {
    /** Whether the turn is complete. */
    readonly ok: true;
    /** The turn. */
    readonly result: TurnResult;
  }
  | {
    /** Whether the turn is complete. */
    readonly ok: false;
    /** Why not. */
    readonly error: CodexError;
  };

/**
 * What a turn comes to, from what was seen of it and how the way to the CLI
 * ended. Pure.
 *
 * - `turn.completed` is success, and no ending changes that; only a `turn.failed`
 *   before or after it does.
 * - Otherwise a cancelled turn is a {@linkcode CodexCancelledError}, one whose time
 *   was up a {@linkcode CodexTimeoutError}, and
 *   `turn.failed` a {@linkcode CodexThreadRunError} with the CLI's words,
 *   whatever the exit code (facts F2).
 * - Where this side could not go on, it is a {@linkcode CodexTurnError} with the
 * code of what stood in the way.
 * - A line that could not be read is a {@linkcode CodexProtocolError}, a CLI that
 *   ended badly a {@linkcode CodexExecError}, and one that just stopped, even with
 *   exit code 0, a {@linkcode CodexIncompleteTurnError} (facts F4).
 *
 * Each error carries the items so far.
 */
export function finishTurn(state: TurnState, ending: TurnEnding): TurnOutcome {
  if (state.status === "completed") {
    return { ok: true, result: resultOf(state, ending) };
  }
  return { ok: false, error: errorOf(state, ending) };
}

/** What is known of a turn that ended badly. */
export function turnFacts(
  state: TurnState,
  process: ProcessFacts | null,
): TurnFacts {
  return {
    threadId: state.threadId,
    items: state.items,
    usage: state.usage,
    warnings: state.warnings,
    diagnostics: state.diagnostics,
    exitCode: process?.exitCode ?? null,
    signal: process?.signal ?? null,
    stderr: process?.stderr ?? "",
    argv: process?.argv ?? [],
  };
}

function resultOf(state: TurnState, ending: TurnEnding): TurnResult {
  return {
    threadId: state.threadId,
    items: [...state.items],
    finalResponse: state.finalResponse,
    usage: state.usage,
    turnUsage: usageBetween(state.usageBefore, state.usage),
    warnings: [...state.warnings, ...afterwards(ending)],
    diagnostics: state.diagnostics,
  };
}

/** What went wrong after the turn was complete. */
function afterwards(ending: TurnEnding): string[] {
  switch (ending.type) {
    case "exited": {
      const { exitCode, signal } = ending.process;
      return ending.lingered || exitCode === 0 ? [] : [
        `codex ${describeExit(exitCode, signal)} after the turn was complete`,
      ];
    }
    case "protocol_error":
      return [ending.problem.message];
    case "failed":
      return [ending.error.message];
    case "aborted":
    case "timed_out":
    case "not_started":
      return [];
  }
}

function errorOf(state: TurnState, ending: TurnEnding): CodexError {
  if (ending.type === "not_started") return ending.error;
  const facts = turnFacts(state, ending.process);
  if (ending.type === "aborted") {
    return new CodexCancelledError(undefined, { cause: ending.reason, facts });
  }
  if (ending.type === "timed_out") return timeoutError(ending, facts);
  if (state.failure !== null) {
    return new CodexThreadRunError(state.failure, { facts });
  }
  if (ending.type === "failed") {
    const { message, code, cause } = ending.error;
    return new CodexTurnError(message, { code, facts, cause });
  }
  if (ending.type === "protocol_error") {
    return protocolError(ending.problem, { facts });
  }
  const { exitCode, signal, stderr } = ending.process;
  if (exitCode === 0) {
    return new CodexIncompleteTurnError(
      "codex exited without saying that the turn is complete",
      { facts },
    );
  }
  if (ending.lingered) {
    return new CodexIncompleteTurnError(
      "codex closed its output without saying that the turn is complete, and did not exit",
      { facts },
    );
  }
  // An `error` event is the CLI's own word on why it gave up; stderr comes second.
  const reason = state.lastError ?? lastWords(stderr);
  const exit = `codex ${describeExit(exitCode, signal)}`;
  return new CodexExecError(
    reason === "" ? exit : `${exit}: ${reason}`,
    { code: "exited", facts },
  );
}

function timeoutError(
  { limit, ms }: { readonly limit: "turn" | "idle"; readonly ms: number },
  facts: TurnFacts,
): CodexTimeoutError {
  return limit === "turn"
    ? new CodexTimeoutError(
      `Turn timed out: it took longer than ${ms} ms (timeoutMs)`,
      { limitMs: ms, facts },
    )
    : new CodexIdleTimeoutError(
      `Turn timed out: no event for ${ms} ms (idleTimeoutMs)`,
      { limitMs: ms, facts },
    );
}

function describeExit(exitCode: number | null, signal: string | null): string {
  return signal === null
    ? `exited with code ${exitCode ?? "unknown"}`
    : `was ended by ${signal}`;
}

/** The end of stderr, without what the CLI says there when all is well. */
function lastWords(stderr: string): string {
  const lines = stderr.split("\n").filter((line) =>
    line.trim() !== "" && !STDERR_GREETING.test(line.trim())
  );
  return shortenStart(lines.join("\n").trim(), STDERR_IN_MESSAGE);
}

/** What was used between two totals; nothing where a total is missing or has gone down. */
export function usageBetween(
  before: Usage | null,
  after: Usage | null,
): Usage | null {
  if (after === null || before === null) return null;
  const share: Usage = {
    input_tokens: after.input_tokens - before.input_tokens,
    cached_input_tokens: after.cached_input_tokens - before.cached_input_tokens,
    cache_write_input_tokens: after.cache_write_input_tokens -
      before.cache_write_input_tokens,
    output_tokens: after.output_tokens - before.output_tokens,
    reasoning_output_tokens: after.reasoning_output_tokens -
      before.reasoning_output_tokens,
  };
  return Object.values(share).some((tokens) => tokens < 0) ? null : share;
}
