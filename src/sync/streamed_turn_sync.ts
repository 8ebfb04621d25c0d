import type { ThreadEvent } from "../protocol/events.ts";
import { type RunOutcome, turnOrThrow } from "../turn/outcome.ts";
import { describeTurn, type TurnProgress } from "../turn/progress.ts";
import type { Turn } from "../turn/turn.ts";
import { showAs } from "../util/show_as.ts";

/**
 * Gives a turn's events and its outcome. `BlockingTurn` does: its own declaration
 * names types of Node's, which a public one must not.
 */
export interface TurnSource<T> {
  /** The outcome of the turn; nothing before its end, and after an early one. */
  readonly outcome: RunOutcome<T> | undefined;
  /** How far the turn has come. */
  readonly progress: TurnProgress;
  /** Yields the events: those together that came together. */
  events(): Generator<readonly ThreadEvent[], void, void>;
}

/**
 * A turn whose events are handed out as the CLI prints them, by a loop over it or over
 * `events`. It starts when the first event is asked for, and goes on as far as events
 * are taken.
 *
 * Leaving the loop early, `events.return()` and disposing all end the CLI and wait
 * until nothing of the turn is left.
 */
export class StreamedTurnSync<T = unknown>
  implements Disposable, Iterable<ThreadEvent> {
  /**
   * The events, in order; to be gone through once. Fails with the turn's error
   * where {@linkcode ThreadSync.run} would, after every event before it.
   */
  readonly events: Generator<ThreadEvent, void, void>;
  readonly #turn: TurnSource<T>;

  /** Makes a streamed turn; {@linkcode ThreadSync} does. */
  constructor(turn: TurnSource<T>) {
    this.#turn = turn;
    this.events = iterateEvents(turn);
    showAs(
      this,
      "StreamedTurnSync",
      () => describeTurn(turn.outcome, turn.progress),
    );
  }

  /** Gives `events`, for a loop over the turn itself. */
  [Symbol.iterator](): Generator<ThreadEvent, void, void> {
    return this.events;
  }

  /**
   * The turn, once all events have been taken: the same one each time.
   *
   * @throws {CodexThreadStreamNotConsumedError} Before the end, and after an early
   * one.
   * @throws {CodexError} The turn's error, the same one each time, if it ended badly.
   */
  get result(): Turn<T> {
    return turnOrThrow(this.#turn.outcome);
  }

  /** Ends the turn, if it has not ended; nothing of it is left then. */
  [Symbol.dispose](): void {
    this.events.return();
  }
}

function* iterateEvents(
  turn: TurnSource<unknown>,
): Generator<ThreadEvent, void, void> {
  for (const events of turn.events()) yield* events;
}
