/**
 * Traces turns as OpenTelemetry spans that follow the semantic conventions for generative
 * AI, on Deno, Node and Bun, without a dependency.
 *
 * @module
 */
export { type TraceOptions, traceTurns } from "./src/otel/trace_turns.ts";
export type {
  SpanAttribute,
  SpanTracer,
  TraceApi,
  TraceSpan,
} from "./src/otel/tracer.ts";
export type {
  BegunTurn,
  EndedTurn,
  TurnListener,
} from "./src/options/listeners.ts";
