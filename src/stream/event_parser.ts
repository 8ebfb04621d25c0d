import type { Diagnostic } from "../protocol/diagnostics.ts";
import { type Decision, readDecision } from "../protocol/decision.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import type { TurnBatch } from "../transport/transport.ts";
import {
  CodexProtocolError,
  type LineProblem,
} from "../errors/protocol_errors.ts";
import {
  type EventValidatorOptions,
  validateEvent,
} from "./event_validator.ts";
import { type DecodedLines, JsonlDecoder } from "./jsonl_decoder.ts";

/** Options of {@linkcode EventParser}. */
export interface EventParserOptions {
  /** See `strictEvents` of the client's options. */
  readonly strict: boolean;
  /** See `maxLineBytes` of the client's options. */
  readonly maxLineBytes: number | undefined;
}

/** The result of one step of the parser. */
export interface ParsedEvents {
  /** The events, and the diagnostics about them. */
  readonly batch: TurnBatch;
  /** The decision, if `turn.completed` or `turn.failed` is among the events. */
  readonly decided: Decision | undefined;
  /** The problem that stopped the parser; no events follow it. */
  readonly problem: LineProblem | undefined;
}

/**
 * Parses bytes to events in one step: composes the cores of
 * {@linkcode JsonlDecoderStream} and {@linkcode ThreadEventValidatorStream} without a
 * hop between them (facts R8).
 */
export class EventParser {
  // Not two piped streams: each hop costs time per event (facts R8).
  readonly #decoder: JsonlDecoder;
  readonly #options: EventValidatorOptions;
  #diagnostics: Diagnostic[] = [];

  /** Creates a parser for one turn. */
  constructor(options: EventParserOptions) {
    const onDiagnostic = (diagnostic: Diagnostic): void => {
      this.#diagnostics.push(diagnostic);
    };
    this.#options = { strict: options.strict, onDiagnostic };
    this.#decoder = new JsonlDecoder({
      maxLineBytes: options.maxLineBytes,
      onDiagnostic,
    });
  }

  /** Parses the next bytes. */
  push(chunk: Uint8Array): ParsedEvents {
    return this.#read(this.#decoder.push(chunk));
  }

  /** Parses the last line, if it has no line end. */
  end(): ParsedEvents {
    return this.#read(this.#decoder.end());
  }

  #read(decoded: DecodedLines): ParsedEvents {
    const events: ThreadEvent[] = [];
    let problem = decoded.problem;
    let decided: Decision | undefined;
    try {
      for (const { lineNumber, value } of decoded.lines) {
        const event = validateEvent(value, lineNumber, this.#options);
        events.push(event);
        decided ??= readDecision(event);
      }
    } catch (error) {
      if (!(error instanceof CodexProtocolError)) throw error;
      problem = error.problem;
    }
    const batch = { events, diagnostics: this.#diagnostics };
    this.#diagnostics = [];
    return { batch, decided, problem };
  }
}
