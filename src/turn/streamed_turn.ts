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
 * A turn whose events are handed out as the CLI prints them, by a loop over it or over
 * `events`. It starts when the first event is asked for, and goes on as far as events
 * are taken.
 *
 * Leaving the loop early, `return()`, cancelling `readable` and disposing all end
 * the CLI and wait until nothing of the turn is left.
 */
export class StreamedTurn<
  T = unknown,
  E extends StreamedEvent = ThreadEvent,
> implements AsyncDisposable, AsyncIterable<E> {
  /**
   * The events, in order; to be gone through once. Fails with the turn's error
   * where {@linkcode Thread.run} would, after every event before it.
   */
  readonly events: AsyncGenerator<E, void, void>;
  readonly #run: TurnRun<T, E>;
  #readable: ReadableStream<E> | undefined;

  /** Makes a streamed turn; {@linkcode Thread} does. */
  constructor(run: TurnRun<T, E>) {
    this.#run = run;
    this.events = new TurnEvents(run);
    showAs(
      this,
      "StreamedTurn",
      () => describeTurn(run.outcome, run.progress),
    );
  }

  /** Gives `events`, for a loop over the turn itself. */
  [Symbol.asyncIterator](): AsyncGenerator<E, void, void> {
    return this.events;
  }

  /** The same events as a stream, for `pipeTo` and `pipeThrough`: what one takes, the other does not get. */
  get readable(): ReadableStream<E> {
    this.#readable ??= readableFrom(this.events);
    return this.#readable;
  }

  /**
   * Makes server-sent events of the turn, ready for `new Response()` with the type
   * `text/event-stream`: an event of the turn is one message, with one line of JSON and a
   * number as its id, from 1. Where nothing comes, a comment every 10 s keeps the
   * connection. The turn starts when the stream is read; cancelling the stream, as a
   * server does for a client that leaves, ends the turn.
   *
   * The last event is `turn.completed` or `turn.failed`: a turn that ends badly without
   * the CLI saying so gets a `turn.failed` with the first line of its error and the
   * error's `code`. A stream without either was cut.
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
   * Makes lines of JSON of the turn, an event a line, ready for `new Response()` with the
   * type `application/x-ndjson`. It starts, ends and fails as {@linkcode StreamedTurn.toSSE}
   * does.
   */
  toNDJSON(): ReadableStream<Uint8Array> {
    return readableFrom(eventLines(eventsToEnd(this.events)));
  }

  /**
   * The turn, once all events have been taken: the same one each time.
   *
   * @throws {CodexThreadStreamNotConsumedError} Before the end, and after an early
   * one.
   * @throws {CodexError} The turn's error, the same one each time, if it ended badly.
   */
  get result(): Turn<T> {
    return turnOrThrow(this.#run.outcome);
  }

  /** Ends the turn, if it has not ended; done when nothing of it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.events.return();
  }
}

/**
 * A run's events, with a `return()` that ends the turn at once. A generator's own
 * waits for the value that is being made, which may take the CLI minutes.
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
}

/**
 * A streamed turn, under the name that the official SDK has for `runStreamed()`'s result:
 * only what that one has must be there. A {@linkcode StreamedTurn} has the rest.
 */
export type RunStreamedResult<T = unknown> =
  & { readonly [K in "events"]: AsyncGenerator<ThreadEvent> }
  & Partial<Omit<StreamedTurn<T>, "events">>;
