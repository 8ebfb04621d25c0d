import type { StreamedEvent } from "../protocol/deltas.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import { turnOrThrow } from "./outcome.ts";
import { BatchIterator } from "./batch_iterator.ts";
import { readableFrom } from "../util/readable_from.ts";
import { serverSentEvents, sseMessage } from "../util/server_sent_events.ts";
import { showAs } from "../util/show_as.ts";
import { eventLines, eventsToEnd } from "./events_to_end.ts";
import { describeTurn } from "./progress.ts";
import type { Turn } from "./turn.ts";
import type { TurnRun } from "./run_turn.ts";

/**
 * A turn whose events are streamed as the CLI prints them: iterate over it or over
 * `events`. It starts when the first event is requested, and continues as events are
 * consumed.
 *
 * Leaving the loop early, `return()`, cancelling `readable` and disposing all end the
 * CLI, and wait until nothing of the turn is left.
 */
export class StreamedTurn<
  T = unknown,
  E extends StreamedEvent = ThreadEvent,
> implements AsyncDisposable, AsyncIterable<E> {
  /**
   * The events, in order; they can be iterated once. Throws the error that {@linkcode
   * Thread.run} would throw, after all events before it.
   */
  readonly events: AsyncGenerator<E, void, void>;
  readonly #run: TurnRun<T, E>;
  #readable: ReadableStream<E> | undefined;

  /** Creates a streamed turn; {@linkcode Thread} calls this. */
  constructor(run: TurnRun<T, E>) {
    this.#run = run;
    this.events = new TurnEvents(run);
    showAs(
      this,
      "StreamedTurn",
      () => describeTurn(run.outcome, run.progress),
    );
  }

  /** Returns `events`, so that the turn itself can be iterated. */
  [Symbol.asyncIterator](): AsyncGenerator<E, void, void> {
    return this.events;
  }

  /**
   * The same events as a stream, for `pipeTo` and `pipeThrough`. Each event is delivered
   * once: here or in `events`.
   */
  get readable(): ReadableStream<E> {
    this.#readable ??= readableFrom(this.events);
    return this.#readable;
  }

  /**
   * Returns the turn as server-sent events, ready for `new Response()` with the type
   * `text/event-stream`. Each event of the turn is one message: one line of JSON, with an
   * id that counts from 1. While there are no events, a comment every 10 s keeps the
   * connection open. The turn starts when the stream is read. Cancelling the stream, as a
   * server does when the client disconnects, ends the turn.
   *
   * Each event is delivered once: here, in `events` or in `readable`.
   *
   * The last event is `turn.completed` or `turn.failed`. If a turn fails without the CLI
   * saying so, a `turn.failed` is added with the first line of the error's message and
   * the error's `code`. A stream with neither was cut off.
   *
   * @example Answer a request
   * ```ts
   * import { Codex } from "@acodex/sdk";
   *
   * const codex = new Codex();
   *
   * async function answer(request: Request): Promise<Response> {
   *   const thread = codex.startThread({ sandboxMode: "read-only" });
   *   const turn = await thread.runStreamed(await request.text(), {
   *     signal: request.signal,
   *   });
   *   return new Response(turn.toSSE(), {
   *     headers: { "content-type": "text/event-stream" },
   *   });
   * }
   * ```
   */
  toSSE(): ReadableStream<Uint8Array> {
    let id = 0;
    return serverSentEvents(
      readableFrom(eventsToEnd(this.events)),
      (event) => sseMessage(event, id += 1),
    );
  }

  /**
   * Returns the turn as lines of JSON, one event per line, ready for `new Response()`
   * with the type `application/x-ndjson`. It starts, ends and fails as {@linkcode
   * StreamedTurn.toSSE} does.
   */
  toNDJSON(): ReadableStream<Uint8Array> {
    return readableFrom(eventLines(eventsToEnd(this.events)));
  }

  /**
   * The turn, once all events have been consumed; the same object each time.
   *
   * @throws {CodexThreadStreamNotConsumedError} Before the turn's end, and if it was
   * ended early.
   * @throws {CodexError} The turn's error, the same object each time, if the turn failed.
   */
  get result(): Turn<T> {
    return turnOrThrow(this.#run.outcome);
  }

  /** Ends the turn unless it has ended; resolves when nothing of it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.events.return();
  }
}

/**
 * A run's events, with a `return()` and a `throw()` that end the turn immediately. A
 * generator's own wait for the value that is being produced, which may take the CLI
 * minutes.
 */
class TurnEvents<T, E extends StreamedEvent> extends BatchIterator<E> {
  readonly #run: TurnRun<T, E>;

  constructor(run: TurnRun<T, E>) {
    super(run.events());
    this.#run = run;
  }

  override return(): Promise<IteratorResult<E, void>> {
    this.#run.abandon();
    return super.return();
  }

  /**
   * Ends the turn as `return()` does, and rejects with the error. Node's `Readable.from`
   * calls it, while it is waiting for a value, when the stream is destroyed.
   */
  override async throw(error: unknown): Promise<IteratorResult<E, void>> {
    await this.return();
    throw error;
  }
}

/**
 * A streamed turn, under the official SDK's name for the result of `runStreamed()`. Only
 * the members of the official SDK are required; the other members of {@linkcode
 * StreamedTurn} are optional.
 */
export type RunStreamedResult<T = unknown> =
  & { readonly [K in "events"]: AsyncGenerator<ThreadEvent> }
  & Partial<Omit<StreamedTurn<T>, "events">>;
