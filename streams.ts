/**
 * The steps from bytes to a turn as separate pieces: a decoder, a validator and a
 * pure reducer, to compose over recorded streams or a CLI that you run yourself.
 *
 * @example Read a recorded turn
 * ```ts
 * import {
 *   finishTurn,
 *   initialTurnState,
 *   JsonlDecoderStream,
 *   reduceTurn,
 *   ThreadEventValidatorStream,
 * } from "@acodex/sdk/streams";
 *
 * const bytes = new Blob(['{"type":"turn.started"}\n']).stream();
 * let state = initialTurnState();
 * for await (
 *   const event of bytes
 *     .pipeThrough(new JsonlDecoderStream())
 *     .pipeThrough(new ThreadEventValidatorStream())
 * ) {
 *   state = reduceTurn(state, event);
 * }
 * const outcome = finishTurn(state, {
 *   type: "exited",
 *   process: { exitCode: 0, signal: null, stderr: "", argv: [] },
 *   lingered: false,
 * });
 * if (!outcome.ok) console.log(outcome.error.code); // turn_incomplete
 * ```
 *
 * @module
 */
export type {
  Diagnostic,
  DiagnosticListener,
} from "./src/protocol/diagnostics.ts";
export type { ProcessFacts, TurnRecord } from "./src/errors/turn_facts.ts";
export type { StopCause, TurnEnding } from "./src/transport/ending.ts";
export type { ThreadOrigin } from "./src/transport/origin.ts";
export {
  type EventValidatorOptions,
  parseThreadEvent,
} from "./src/stream/event_validator.ts";
export { ThreadEventValidatorStream } from "./src/stream/event_validator_stream.ts";
export {
  finishTurn,
  type FinishTurnOptions,
  type TurnOutcome,
  type TurnResult,
} from "./src/turn/finish.ts";
export {
  DEFAULT_MAX_LINE_BYTES,
  type JsonlDecoderOptions,
  type JsonLine,
} from "./src/stream/jsonl_decoder.ts";
export { JsonlDecoderStream } from "./src/stream/jsonl_decoder_stream.ts";
export { noteDiagnostic, reduceTurn } from "./src/turn/reduce.ts";
export {
  type InitialTurn,
  initialTurnState,
  type TurnState,
} from "./src/turn/state.ts";
export { NO_USAGE } from "./src/turn/usage.ts";
