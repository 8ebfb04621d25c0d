import type { ThreadEvent } from "../protocol/events.ts";
import { turnOrThrow } from "../turn/outcome.ts";
import type { Turn } from "../turn/turn.ts";
import type { BlockingTurn } from "./blocking_turn.ts";

/**
 * A turn whose events are handed out as the CLI prints them. It starts when the
 * first event is asked for, and goes on as far as events are taken.
 *
 * Leaving the loop early, `events.return()` and disposing all end the CLI and wait
 * until nothing of the turn is left.
 */
export class StreamedTurnSync<T = unknown> implements Disposable {
  /**
   * The events, in order; to be gone through once. Fails with the turn's error
   * where {@linkcode ThreadSync.run} would, after every event before it.
   */
  readonly events: Generator<ThreadEvent, void, void>;
  readonly #turn: BlockingTurn<T>;

  /** Makes a streamed turn; {@linkcode ThreadSync} does. */
  constructor(turn: BlockingTurn<T>) {
    this.#turn = turn;
    this.events = eventsOf(turn);
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

function* eventsOf(
  turn: BlockingTurn<unknown>,
): Generator<ThreadEvent, void, void> {
  for (const events of turn.events()) yield* events;
}
