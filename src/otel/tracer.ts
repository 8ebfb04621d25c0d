// The parts of OpenTelemetry's API that are used, so that this package does not depend on it.

/** The value of an attribute. */
export type SpanAttribute = string | number | boolean;

/** The part of a span that is used. */
export interface TraceSpan {
  /** Sets an attribute. */
  setAttribute(name: string, value: SpanAttribute): unknown;
  /** Sets the status: 2 is an error. */
  setStatus(status: { code: number; message?: string }): unknown;
  /** Ends the span. */
  end(): void;
}

/**
 * The part of a tracer that is used.
 *
 * @typeParam Span The tracer's spans.
 * @typeParam Context Its contexts.
 */
export interface SpanTracer<Span extends TraceSpan, Context> {
  /** Starts a span in a context. */
  startSpan(
    name: string,
    options: {
      kind?: number;
      attributes?: { [name: string]: SpanAttribute };
    },
    context: Context,
  ): Span;
}

/**
 * The part of the module `@opentelemetry/api` that is used, for the parents of spans.
 *
 * @typeParam Span The tracer's spans.
 * @typeParam Context Its contexts.
 */
export interface TraceApi<Span extends TraceSpan, Context> {
  /** The contexts of the program. */
  readonly context: {
    /** Returns the active context. */
    active(): Context;
  };
  /** The spans of the program. */
  readonly trace: {
    /** Returns a context in which a span is active. */
    setSpan(context: Context, span: Span): Context;
  };
}
