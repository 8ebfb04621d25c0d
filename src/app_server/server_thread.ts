import { ownThreadOptions } from "../options/check.ts";
import { mergedOptions } from "../options/merged_options.ts";
import type { Input, ReviewOptions } from "../options/options.ts";
import type { StreamedEvent, TurnDelta } from "../protocol/deltas.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import { Thread } from "../thread/thread.ts";
import { ThreadTurns } from "../thread/thread_turns.ts";
import type { ReviewTarget } from "../transport/origin.ts";
import type { TurnRun } from "../turn/run_turn.ts";
import { forkedThread, type ThreadFacts } from "../turn/thread_state.ts";
import type { Turn } from "../turn/turn.ts";
import { LiveTurn } from "./turn/live_turn.ts";
import {
  SERVER_OPTION_TABLES,
  type ServerThreadOptions,
  type ServerTurnOptions,
} from "./options.ts";
import { ServerStreamedTurn } from "./server_streamed_turn.ts";
import type { OpenTransport } from "./transport.ts";

/** Gives a turn that nobody answers, and that cannot be reached. */
function nobodysTurn(): LiveTurn {
  return new LiveTurn({
    deltas: false,
    onApproval: undefined,
    onElicitation: undefined,
    answerTimeoutMs: undefined,
  });
}

/**
 * A conversation over the server: a {@linkcode Thread} that can ask, stream text, and be
 * steered and interrupted. Made by {@linkcode CodexAppServer}.
 */
export class ServerThread extends Thread {
  readonly #open: OpenTransport;
  readonly #options: ServerThreadOptions;
  readonly #turns: ThreadTurns;

  /** Makes a thread over a server; {@linkcode CodexAppServer} does. */
  constructor(
    open: OpenTransport,
    options: ServerThreadOptions,
    facts: ThreadFacts,
  ) {
    const turns = new ThreadTurns(options, facts, SERVER_OPTION_TABLES);
    super(open(nobodysTurn()), options, turns);
    this.#open = open;
    this.#options = options;
    this.#turns = turns;
  }

  /**
   * Makes a thread that begins as a copy of this one; see {@linkcode Thread.fork}.
   *
   * @throws {CodexInputError} For an option that cannot be used.
   */
  override fork(options: ServerThreadOptions = {}): ServerThread {
    return makeThread(
      this.#open,
      mergedOptions(
        this.#options,
        ownThreadOptions(options, SERVER_OPTION_TABLES),
      ),
      forkedThread(this.#turns.facts),
    );
  }

  /**
   * Has the agent review changes, read-only, on this thread, also one that has begun; see
   * {@linkcode Thread.review}.
   *
   * @throws {CodexInputError} For a target or an option that cannot be used.
   * @throws {CodexError} What else {@linkcode ServerThread.run} throws.
   */
  override async review(
    target: ReviewTarget,
    options: ReviewOptions = {},
  ): Promise<Turn> {
    const run = await this.#turns.prepareReview(
      target,
      options,
      this.#open(nobodysTurn()),
    );
    return await run.complete();
  }

  /**
   * Has the model shorten the thread's history to what matters; done when it has. It is a
   * turn of its own, in the thread's queue.
   *
   * @throws {CodexInputError} For a thread that has not begun, or an option that cannot be
   * used.
   * @throws {CodexError} What else {@linkcode ServerThread.run} throws.
   */
  async compact(options: ReviewOptions = {}): Promise<void> {
    const run = await this.#turns.prepareCompaction(
      options,
      this.#open(nobodysTurn()),
    );
    await run.complete();
  }

  /**
   * Runs a turn to its end; see {@linkcode Thread.run}.
   *
   * @throws {CodexError} What {@linkcode Thread.run} throws, and:
   * @throws {CodexRequestError} If the server refuses the turn, or does not answer.
   * @throws {CodexInterruptedError} If the turn is interrupted, as by a decision to
   * cancel.
   * @throws {CodexThreadBusyError} If another turn of the thread runs on this client by
   * another object, or elsewhere.
   */
  override async run<T = unknown>(
    input: Input,
    options: ServerTurnOptions<T> = {},
  ): Promise<Turn<T>> {
    const { run } = await this.#prepare(input, options);
    return await run.complete();
  }

  /**
   * Prepares a turn whose events are handed out as they come; with `deltas: true` also the
   * pieces of messages, on the same stream, each before its item. See
   * {@linkcode Thread.runStreamed}.
   *
   * @throws {CodexInputError} For a prompt or an option that cannot be used. What else
   * {@linkcode ServerThread.run} throws comes out of the events.
   */
  override runStreamed<T = unknown>(
    input: Input,
    options?: ServerTurnOptions<T> & {
      /** Says that the pieces are not wanted. */
      deltas?: false;
    },
  ): Promise<ServerStreamedTurn<T>>;
  /** Prepares a turn whose events are handed out as they come, with pieces between them. */
  override runStreamed<T = unknown>(
    input: Input,
    options: ServerTurnOptions<T>,
  ): Promise<ServerStreamedTurn<T, ThreadEvent | TurnDelta>>;
  override async runStreamed<T = unknown>(
    input: Input,
    options: ServerTurnOptions<T> = {},
  ): Promise<ServerStreamedTurn<T, StreamedEvent>> {
    const { run, live } = await this.#prepare(input, options);
    return new ServerStreamedTurn(run, live);
  }

  async #prepare<T>(
    input: Input,
    options: ServerTurnOptions<T>,
  ): Promise<{ run: TurnRun<T, StreamedEvent>; live: LiveTurn }> {
    let live = nobodysTurn();
    const run = await this.#turns.prepare(
      input,
      options,
      (own: ServerTurnOptions<T>) => {
        live = new LiveTurn({
          deltas: own.deltas ?? false,
          onApproval: own.onApproval ?? this.#options.onApproval,
          onElicitation: own.onElicitation ?? this.#options.onElicitation,
          answerTimeoutMs: own.answerTimeoutMs ?? this.#options.answerTimeoutMs,
        });
        return this.#open<StreamedEvent>(live);
      },
    );
    return { run, live };
  }
}

/** Makes a thread. A class that named itself would have another name in a bundle. */
function makeThread(
  ...args: ConstructorParameters<typeof ServerThread>
): ServerThread {
  return new ServerThread(...args);
}
