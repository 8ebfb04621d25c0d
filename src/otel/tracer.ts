// What is used of OpenTelemetry's API, so that this package needs none of its packages.

/** A value of an attribute. */
export type SpanAttribute = string | number | boolean;

/** What is used of a span. */
export interface TraceSpan {
  /** Sets an attribute. */
  setAttribute(name: string, value: SpanAttribute): unknown;
  /** Sets the status: 2 is an error. */
  setStatus(status: { code: number; message?: string }): unknown;
  /** Ends the span. */
  end(): void;
}

/**
 * What is used of a tracer.
 *
 * @typeParam Span The tracer's spans.
 * @typeParam Context Its contexts.
 */
export interface SpanTracer<Span extends TraceSpan, Context> {
  /** Starts a span within a context. */
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
 * What is used of the module `@opentelemetry/api`: it says which span is another one's
 * parent.
 *
 * @typeParam Span The tracer's spans.
 * @typeParam Context Its contexts.
 */
export interface TraceApi<Span extends TraceSpan, Context> {
  /** The contexts of the program. */
  readonly context: {
    /** Gives the context that is active. */
    active(): Context;
  };
  /** The spans of the program. */
  readonly trace: {
    /** Gives a context in which a span is the active one. */
    setSpan(context: Context, span: Span): Context;
  };
}
