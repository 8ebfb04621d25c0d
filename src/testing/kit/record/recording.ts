import {
  CodexCancelledError,
  CodexIdleTimeoutError,
  CodexInterruptedError,
  CodexTimeoutError,
  CodexTurnError,
} from "../../../errors/turn_errors.ts";
import { CodexInputError } from "../../../errors/codex_error.ts";
import type { CodexErrorCode } from "../../../errors/codex_error.ts";
import { CodexProtocolError } from "../../../errors/protocol_errors.ts";
import type { ProcessFacts } from "../../../errors/turn_facts.ts";
import { isDelta, type StreamedEvent } from "../../../protocol/deltas.ts";
import type { Diagnostic } from "../../../protocol/diagnostics.ts";
import type { Usage } from "../../../protocol/events.ts";
import { isObject, type JsonObject } from "../../../protocol/json.ts";
import { parseThreadEvent } from "../../../stream/event_validator.ts";
import type { TurnEnding } from "../../../transport/ending.ts";
import { thrownMessage } from "../../../util/thrown_message.ts";

/** The version of the format. */
const FORMAT = 1;

/** The first line: the facts of the turn other than its events. */
export interface RecordedTurn {
  /** The version of the format. */
  readonly recording: typeof FORMAT;
  /** The thread's total before the turn; `null` if it was not known. */
  readonly usageBefore: Usage | null;
  /** The warnings that do not come from an event. */
  readonly warnings: readonly string[];
  /** The output that was not understood. */
  readonly diagnostics: readonly Diagnostic[];
  /** The ending. */
  readonly ending: RecordedEnding;
}

/** An ending, as JSON. */
export type RecordedEnding =
  | { readonly type: "exited"; readonly process: ProcessFacts | null }
  | {
    readonly type: "aborted" | "interrupted";
    readonly process: ProcessFacts | null;
  }
  | {
    readonly type: "timed_out";
    readonly limit: "turn" | "idle";
    readonly ms: number;
    readonly process: ProcessFacts | null;
  }
  | {
    readonly type: "protocol_error";
    readonly problem: {
      readonly code: CodexProtocolError["code"];
      readonly lineNumber: number | null;
      readonly message: string;
    };
    readonly process: ProcessFacts | null;
  }
  | {
    readonly type: "failed";
    readonly error: { readonly code: CodexErrorCode; readonly message: string };
    readonly process: ProcessFacts | null;
  };

/** A line after the first: an event and its time. */
export interface RecordedEvent {
  /** The time since the turn began, in ms. */
  readonly ms: number;
  /** The event as the CLI printed it. */
  readonly event: JsonObject;
}

/** Returns an event as the CLI printed it, unknown ones included. */
export function toRaw(event: StreamedEvent): JsonObject {
  if (event.type === "unknown") return event.raw;
  const raw = event as unknown as JsonObject;
  return "item" in event && event.item.type === "unknown"
    ? { ...raw, item: event.item.raw }
    : raw;
}

/** Parses an event of a recording; this version may know more than the one that recorded it. */
export function fromRaw(raw: JsonObject): StreamedEvent {
  const event = raw as unknown as StreamedEvent;
  // Events that the CLI does not print have no unknown form to parse.
  return isDelta(event) || event.type === "attempt.started"
    ? event
    : parseThreadEvent(raw);
}

/** Infers the ending from a turn's error. */
export function readEnding(error: unknown): RecordedEnding {
  if (!(error instanceof CodexTurnError)) return failed(error, null);
  const process = readProcess(error);
  if (error instanceof CodexCancelledError) return { type: "aborted", process };
  if (error instanceof CodexInterruptedError) {
    return { type: "interrupted", process };
  }
  if (error instanceof CodexTimeoutError) {
    const limit = error instanceof CodexIdleTimeoutError ? "idle" : "turn";
    return { type: "timed_out", limit, ms: error.limitMs, process };
  }
  if (error instanceof CodexProtocolError) {
    const { code, lineNumber, message } = error;
    return {
      type: "protocol_error",
      problem: { code, lineNumber, message },
      process,
    };
  }
  return IS_TOLD.has(error.code)
    ? { type: "exited", process }
    : failed(error, process);
}

/** The codes of errors that replaying the events and the process creates again. */
const IS_TOLD: ReadonlySet<CodexErrorCode> = new Set<CodexErrorCode>([
  "turn_failed",
  "turn_incomplete",
  "exited",
  "invalid_output_schema",
  "thread_not_found",
  "thread_busy",
  "thread_not_resumable",
]);

/** The ending of a complete turn. */
export const COMPLETED: RecordedEnding = {
  type: "exited",
  process: { exitCode: 0, signal: null, stderr: "", argv: [] },
};

/** Converts a recorded ending to that of a transport. */
export function toEnding(recorded: RecordedEnding): TurnEnding {
  const { process } = recorded;
  switch (recorded.type) {
    case "exited":
      return { type: "exited", process, lingered: false };
    case "aborted":
      return { type: "aborted", reason: "replayed", process };
    case "interrupted":
      return { type: "interrupted", process };
    case "timed_out":
      return recorded;
    case "protocol_error": {
      const { code, ...problem } = recorded.problem;
      const known = code === "invalid_json" || code === "line_too_long"
        ? code
        : "unexpected_event";
      return {
        type: "protocol_error",
        problem: { ...problem, code: known },
        process,
      };
    }
    case "failed": {
      const { message, code } = recorded.error;
      const error = new CodexTurnError(message, { code });
      return { type: "failed", error, process };
    }
  }
}

function failed(error: unknown, process: ProcessFacts | null): RecordedEnding {
  const message = thrownMessage(error);
  const code = isObject(error) && typeof error.code === "string"
    ? error.code as CodexErrorCode
    : "internal";
  return { type: "failed", error: { code, message }, process };
}

function readProcess(error: CodexTurnError): ProcessFacts | null {
  const { exitCode, signal, stderr, argv } = error;
  const isNone = exitCode === null && signal === null && argv.length === 0;
  return isNone ? null : { exitCode, signal, stderr, argv };
}

/** Writes a recording as JSON lines: the turn, then its events. */
export function writeRecording(
  turn: RecordedTurn,
  events: readonly RecordedEvent[],
): string {
  return [turn, ...events].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/**
 * Reads a recording.
 *
 * @throws {CodexInputError} If the file is not a recording.
 */
export function readRecording(
  text: string,
  file: string,
): { turn: RecordedTurn; events: { ms: number; event: StreamedEvent }[] } {
  const [first, ...lines] = text.split("\n").filter((line) => line !== "")
    .map((line, index) => readLine(line, `${file}:${index + 1}`));
  if (first?.recording !== FORMAT) {
    throw new CodexInputError(
      `${file} is not a recording of this format (${FORMAT}): create it again with record()`,
      { path: "file" },
    );
  }
  return {
    turn: first as unknown as RecordedTurn,
    events: lines.map((line, index) => {
      const { ms, event } = line;
      if (typeof ms === "number" && isObject(event)) {
        return { ms, event: fromRaw(event) };
      }
      throw new CodexInputError(
        `${file}:${index + 2} is not an event of a recording`,
        { path: "file" },
      );
    }),
  };
}

function readLine(line: string, where: string): JsonObject {
  try {
    const value: unknown = JSON.parse(line);
    if (isObject(value)) return value;
  } catch {
    // It is not JSON.
  }
  throw new CodexInputError(`${where} is not a JSON object`, { path: "file" });
}
