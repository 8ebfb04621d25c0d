import type { ThreadEvent } from "../protocol/events.ts";
import { type RunOutcome, turnOrThrow } from "../turn/outcome.ts";
import { describeTurn, type TurnProgress } from "../turn/progress.ts";
import type { Turn } from "../turn/turn.ts";
import { showAs } from "../util/show_as.ts";

/**
 * The events and the outcome of a turn. `BlockingTurn` implements it; its own declaration
 * names types of Node, which a public one must not.
 */
export interface TurnSource<T> {
  /** The outcome of the turn; `undefined` until it ends, and if it is abandoned. */
  readonly outcome: RunOutcome<T> | undefined;
  /** The progress of the turn. */
  readonly progress: TurnProgress;
  /** Yields the events, in batches of those that came together. */
  events(): Generator<readonly ThreadEvent[], void, void>;
}

/**
 * A turn whose events you receive as the CLI prints them, by iterating over it or over
 * `events`. It starts when the first event is requested.
 *
 * Breaking out of the loop, `events.return()` and disposing all end the CLI, and block
 * until nothing of the turn is left.
 */
export class StreamedTurnSync<T = unknown>
  implements Disposable, Iterable<ThreadEvent> {
  /**
   * The events, in order; they can be iterated once. After the last one, throws the turn's
   * error if {@linkcode ThreadSync.run} would.
   */
  readonly events: Generator<ThreadEvent, void, void>;
  readonly #turn: TurnSource<T>;

  /** Creates a streamed turn; see {@linkcode ThreadSync.runStreamed}. */
  constructor(turn: TurnSource<T>) {
    this.#turn = turn;
    this.events = iterateEvents(turn);
    showAs(
      this,
      "StreamedTurnSync",
      () => describeTurn(turn.outcome, turn.progress),
    );
  }

  /** Returns `events`, for a loop over the turn itself. */
  [Symbol.iterator](): Generator<ThreadEvent, void, void> {
    return this.events;
  }

  /**
   * The completed turn, once all events have been read; the same object each time.
   *
   * @throws {CodexThreadStreamNotConsumedError} Before the end of the turn, and if it was
   * ended early.
   * @throws {CodexError} The turn's error, the same object each time, if it failed.
   */
  get result(): Turn<T> {
    return turnOrThrow(this.#turn.outcome);
  }

  /** Ends the turn, if it has not ended, and blocks until nothing of it is left. */
  [Symbol.dispose](): void {
    this.events.return();
  }
}

function* iterateEvents(
  turn: TurnSource<unknown>,
): Generator<ThreadEvent, void, void> {
  for (const events of turn.events()) yield* events;
}
