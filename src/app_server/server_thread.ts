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

/** Creates a turn without handlers that cannot be steered. */
function unattendedTurn(): LiveTurn {
  return new LiveTurn({
    deltas: false,
    onApproval: undefined,
    onElicitation: undefined,
    answerTimeoutMs: undefined,
  });
}

/**
 * A conversation over the server: a {@linkcode Thread} that can ask, stream text, and be
 * steered and interrupted. Created by {@linkcode CodexAppServer}.
 */
export class ServerThread extends Thread {
  readonly #open: OpenTransport;
  readonly #options: ServerThreadOptions;
  readonly #turns: ThreadTurns;

  /** Creates a thread over a server. Called by {@linkcode CodexAppServer}. */
  constructor(
    open: OpenTransport,
    options: ServerThreadOptions,
    facts: ThreadFacts,
  ) {
    const turns = new ThreadTurns(options, facts, SERVER_OPTION_TABLES);
    super(open(unattendedTurn()), options, turns);
    this.#open = open;
    this.#options = options;
    this.#turns = turns;
  }

  /**
   * Creates a thread that starts as a copy of this one; see {@linkcode Thread.fork}.
   *
   * @throws {CodexInputError} If an option cannot be used.
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
   * Runs a turn in which the agent reviews changes, read-only, even on a thread that has
   * begun; see {@linkcode Thread.review}.
   *
   * @throws {CodexInputError} If the target or an option cannot be used.
   * @throws {CodexError} Everything else that {@linkcode ServerThread.run} throws.
   */
  override async review(
    target: ReviewTarget,
    options: ReviewOptions = {},
  ): Promise<Turn> {
    const run = await this.#turns.prepareReview(
      target,
      options,
      this.#open(unattendedTurn()),
    );
    return await run.complete();
  }

  /**
   * Has the model shorten the thread's history to the essentials, and resolves once it has.
   * This is a separate turn in the thread's queue.
   *
   * @throws {CodexInputError} If the thread has not begun, or an option cannot be used.
   * @throws {CodexError} Everything else that {@linkcode ServerThread.run} throws.
   */
  async compact(options: ReviewOptions = {}): Promise<void> {
    const run = await this.#turns.prepareCompaction(
      options,
      this.#open(unattendedTurn()),
    );
    await run.complete();
  }

  /**
   * Runs a turn to its end; see {@linkcode Thread.run}.
   *
   * @throws {CodexError} Everything that {@linkcode Thread.run} throws, and:
   * @throws {CodexRequestError} If the server refuses the turn, or does not answer.
   * @throws {CodexInterruptedError} If the turn is interrupted, for example by a `cancel`
   * decision.
   * @throws {CodexThreadBusyError} If another turn of the thread is running: through another
   * object of this client, or elsewhere.
   */
  override async run<T = unknown>(
    input: Input,
    options: ServerTurnOptions<T> = {},
  ): Promise<Turn<T>> {
    const { run } = await this.#prepare(input, options);
    return await run.complete();
  }

  /**
   * Prepares a turn that yields its events as they arrive. With `deltas: true`, the same
   * stream also yields pieces of messages, each before its item. See
   * {@linkcode Thread.runStreamed}.
   *
   * @throws {CodexInputError} If the prompt or an option cannot be used. Everything else
   * that {@linkcode ServerThread.run} throws is thrown while the events are read.
   */
  override runStreamed<T = unknown>(
    input: Input,
    options?: ServerTurnOptions<T> & {
      /** Leaves out the pieces. */
      deltas?: false;
    },
  ): Promise<ServerStreamedTurn<T>>;
  /** Prepares a turn that yields its events as they arrive, with pieces between them. */
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
    let live = unattendedTurn();
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

/** Creates a thread, without the class naming itself: bundlers would rename it. */
function makeThread(
  ...args: ConstructorParameters<typeof ServerThread>
): ServerThread {
  return new ServerThread(...args);
}
