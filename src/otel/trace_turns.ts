import { CodexInputError } from "../errors/codex_error.ts";
import type {
  BegunTurn,
  EndedTurn,
  TurnListener,
} from "../options/listeners.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { firstLine } from "../util/text.ts";
import {
  AGENT,
  begunAttributes,
  endedAttributes,
  type SpanAttributes,
  traceItem,
} from "./attributes.ts";
import type { SpanTracer, TraceApi, TraceSpan } from "./tracer.ts";
import { isError } from "../util/realms.ts";

/** Options of {@linkcode traceTurns}. */
export interface TraceOptions {
  /**
   * Includes prompts, answers, commands and their output in the spans. They may contain
   * secrets.
   *
   * @default {false}
   */
  readonly content?: boolean | undefined;
}

/** The status of a span that failed. */
const ERROR = 2;

/**
 * Traces a client's turns as OpenTelemetry spans that follow its semantic conventions for
 * generative AI: a span `invoke_agent codex` for each turn, with a child span for each item,
 * such as `execute_tool shell`. A turn's span has the thread's id, the model and the tokens;
 * if the turn failed, also `error.type` with the error's code, and `codex.reason`. It begins
 * when the turns before it on the thread have ended, as a child of the span that is active
 * then. Prompts, answers and commands are only included with `content`.
 *
 * @param tracer The tracer that starts the spans.
 * @param api The module `@opentelemetry/api`.
 * @returns The listener for a client's `onTurn`.
 * @throws {CodexInputError} If `tracer` is not a tracer, or `api` is not that module.
 *
 * @example Trace all turns of a client
 * ```ts ignore
 * import * as api from "@opentelemetry/api";
 * import { Codex } from "@acodex/sdk";
 * import { traceTurns } from "@acodex/sdk/otel";
 *
 * const tracer = api.trace.getTracer("my-service");
 * const codex = new Codex({ onTurn: traceTurns(tracer, api) });
 * ```
 */
export function traceTurns<Span extends TraceSpan, Context>(
  tracer: SpanTracer<Span, Context>,
  api: TraceApi<Span, Context>,
  options: TraceOptions = {},
): (turn: BegunTurn) => TurnListener {
  if (typeof tracer?.startSpan !== "function") {
    throw new CodexInputError(
      "Cannot trace turns: the first argument must be a tracer, as trace.getTracer() returns it",
      { path: "tracer" },
    );
  }
  if (
    typeof api?.trace?.setSpan !== "function" ||
    typeof api.context?.active !== "function"
  ) {
    throw new CodexInputError(
      'Cannot trace turns: the second argument must be the module "@opentelemetry/api"',
      { path: "api" },
    );
  }
  const { content = false } = options;
  return (turn) => new TracedTurn(tracer, api, content, turn);
}

/** The spans of one turn. */
class TracedTurn<Span extends TraceSpan, Context> implements TurnListener {
  readonly #tracer: SpanTracer<Span, Context>;
  readonly #hasContent: boolean;
  readonly #span: Span;
  readonly #within: Context;
  /** The spans of unfinished items, by the items' ids. */
  readonly #items = new Map<string, Span>();

  constructor(
    tracer: SpanTracer<Span, Context>,
    { context, trace }: TraceApi<Span, Context>,
    hasContent: boolean,
    turn: BegunTurn,
  ) {
    this.#tracer = tracer;
    this.#hasContent = hasContent;
    const active = context.active();
    this.#span = tracer.startSpan(`invoke_agent ${AGENT}`, {
      attributes: begunAttributes(turn, hasContent),
    }, active);
    this.#within = trace.setSpan(active, this.#span);
  }

  event(event: ThreadEvent): void {
    switch (event.type) {
      case "item.started":
        this.#items.get(event.item.id)?.end();
        this.#items.set(event.item.id, this.#start(event.item));
        break;
      case "attempt.started":
        // Its items have the same ids again.
        this.#endItems("the attempt ended before the item");
        break;
      case "item.completed":
        this.#complete(event.item);
        break;
    }
  }

  ended(end: EndedTurn): void {
    this.#endItems("the turn ended before the item");
    setAll(this.#span, endedAttributes(end, this.#hasContent));
    if (end.error !== null) {
      this.#span.setStatus({
        code: ERROR,
        ...isError(end.error) && {
          message: firstLine(end.error.message),
        },
      });
    }
    this.#span.end();
  }

  /** Ends the spans of unfinished items, as failed. */
  #endItems(message: string): void {
    for (const span of this.#items.values()) {
      span.setStatus({ code: ERROR, message });
      span.end();
    }
    this.#items.clear();
  }

  #start(item: ThreadItem): Span {
    const { name, attributes } = traceItem(item, this.#hasContent);
    return this.#tracer.startSpan(name, { attributes }, this.#within);
  }

  /** Ends the span of an item; starts it first if there was no `item.started`. */
  #complete(item: ThreadItem): void {
    const span = this.#items.get(item.id) ?? this.#start(item);
    this.#items.delete(item.id);
    const { attributes, failure } = traceItem(item, this.#hasContent);
    setAll(span, attributes);
    if (failure !== undefined) {
      span.setAttribute("error.type", failure);
      span.setStatus({ code: ERROR, message: failure });
    }
    span.end();
  }
}

function setAll(span: TraceSpan, attributes: SpanAttributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    span.setAttribute(name, value);
  }
}
