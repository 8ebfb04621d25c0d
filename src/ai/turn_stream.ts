import type { StreamedEvent } from "../protocol/deltas.ts";
import type { Turn } from "../turn/turn.ts";
import type { AgentTurn } from "./agent_client.ts";

/** Maps a turn to parts of something else. */
export interface TurnMapping<P> {
  /** Maps an event. */
  add(event: StreamedEvent): P[];
  /** Maps the turn's end. */
  end(turn: Turn): P[];
  /** Maps the turn's error; what it throws becomes the stream's own. */
  fail(error: unknown): P[];
  /** Gives the turn to go on with after an error, before anything has been handed out. */
  recover?(error: unknown): Promise<AgentTurn | undefined>;
}

/** The next parts, of which there may be none. */
export interface NextParts<P> {
  readonly parts: P[];
  /** True if no others follow. */
  readonly isLast: boolean;
}

/** What a stream of parts is made of. */
export interface PartSource<P> {
  /** Gives what comes before the first parts. */
  begin(): P[];
  /** Gives the next parts. */
  next(): Promise<NextParts<P>>;
  /** Ends it: nobody reads on. */
  cancel(): Promise<void>;
}

/** Follows a turn: pulls its events, one at a time, and leaves it. */
export class FollowedTurn<P> {
  readonly #mapping: TurnMapping<P>;
  #turn: AgentTurn;
  #isLeft = false;
  #hasBegun = false;
  /** The event that is being waited for, until it is taken. */
  #pending: Promise<IteratorResult<StreamedEvent, void>> | undefined;
  #isReady = false;

  /** Makes it; the turn starts when its first event is asked for. */
  constructor(turn: AgentTurn, mapping: TurnMapping<P>) {
    this.#turn = turn;
    this.#mapping = mapping;
  }

  /** Says whether the next parts need not be waited for. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Waits for the next event, or the end, without taking it; never fails. */
  async ready(): Promise<void> {
    await this.#next().catch(() => {});
  }

  /** Gives the next parts. */
  async next(): Promise<NextParts<P>> {
    try {
      const { done, value } = await this.#next();
      this.#taken();
      const parts = done
        ? this.#mapping.end(this.#turn.result)
        : this.#mapping.add(value);
      this.#hasBegun ||= parts.length > 0;
      return { parts, isLast: done ?? false };
    } catch (error) {
      this.#taken();
      await this.#turn.events.return();
      if (this.#isLeft) throw error;
      const other = this.#hasBegun
        ? undefined
        : await this.#mapping.recover?.(error);
      if (other === undefined) {
        return { parts: this.#mapping.fail(error), isLast: true };
      }
      this.#turn = other;
      return { parts: [], isLast: false };
    }
  }

  /** Ends the turn at once; done when nothing of it is left. */
  async leave(): Promise<void> {
    this.#isLeft = true;
    await this.#turn.events.return();
  }

  #next(): Promise<IteratorResult<StreamedEvent, void>> {
    if (this.#pending === undefined) {
      const pending = this.#turn.events.next();
      const arrived = (): void => {
        if (this.#pending === pending) this.#isReady = true;
      };
      this.#pending = pending;
      // Also an error: it may come while nobody waits.
      pending.then(arrived, arrived);
    }
    return this.#pending;
  }

  #taken(): void {
    this.#pending = undefined;
    this.#isReady = false;
  }
}

/** Makes a stream of parts. Nothing begins before the first one is asked for. */
export function streamParts<P>(source: PartSource<P>): ReadableStream<P> {
  let isCancelled = false;
  let hasBegun = false;
  return new ReadableStream<P>({
    async pull(controller): Promise<void> {
      for (let isWaiting = true; isWaiting && !isCancelled;) {
        const { parts, isLast } = await source.next();
        if (isCancelled) return;
        if (parts.length > 0 || isLast) {
          const all = hasBegun ? parts : [...source.begin(), ...parts];
          hasBegun = true;
          for (const part of all) controller.enqueue(part);
          isWaiting = false;
        }
        if (isLast) controller.close();
      }
    },
    async cancel(): Promise<void> {
      isCancelled = true;
      await source.cancel();
    },
  }, { highWaterMark: 0 });
}

/**
 * Makes a stream of what a turn is mapped to. The turn starts when the first part is asked
 * for, goes on as far as parts are taken, and ends at once when the stream is cancelled.
 *
 * @param begin Gives what comes before the first event.
 */
export function streamTurn<P>(
  turn: AgentTurn,
  mapping: TurnMapping<P>,
  begin: () => P[],
): ReadableStream<P> {
  const followed = new FollowedTurn(turn, mapping);
  return streamParts({
    begin,
    next: () => followed.next(),
    cancel: () => followed.leave(),
  });
}
