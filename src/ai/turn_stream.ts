import type { StreamedEvent } from "../protocol/deltas.ts";
import type { Turn } from "../turn/turn.ts";
import type { AgentTurn } from "./agent_client.ts";

/** Maps a turn to parts. */
export interface TurnMapping<P> {
  /** Maps an event. */
  add(event: StreamedEvent): P[];
  /** Maps the turn's end. */
  end(turn: Turn): P[];
  /** Maps the turn's error; an error that it throws becomes the stream's own. */
  fail(error: unknown): P[];
  /** Returns the turn to continue with after an error, before any part has been read. */
  recover?(error: unknown): Promise<AgentTurn | undefined>;
}

/** The next parts, possibly none. */
export interface NextParts<P> {
  readonly parts: P[];
  /** True if no more parts follow. */
  readonly isLast: boolean;
}

/** The source of a stream of parts. */
export interface PartSource<P> {
  /** Returns the parts that come before the first ones. */
  begin(): P[];
  /** Returns the next parts. */
  next(): Promise<NextParts<P>>;
  /** Ends the source, since nobody reads on. */
  cancel(): Promise<void>;
}

/** Reads a turn: pulls its events one at a time, and ends it early if asked to. */
export class FollowedTurn<P> {
  readonly #mapping: TurnMapping<P>;
  #turn: AgentTurn;
  #isAbandoned = false;
  #hasBegun = false;
  /** The requested event, until it is taken. */
  #pending: Promise<IteratorResult<StreamedEvent, void>> | undefined;
  #isReady = false;

  /** Creates a reader; the turn starts when its first event is requested. */
  constructor(turn: AgentTurn, mapping: TurnMapping<P>) {
    this.#turn = turn;
    this.#mapping = mapping;
  }

  /** True if the next parts are available without waiting. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Waits for the next event, or the end, without taking it. Never rejects. */
  async ready(): Promise<void> {
    await this.#next().catch(() => {});
  }

  /** Returns the next parts. */
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
      if (this.#isAbandoned) throw error;
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

  /** Ends the turn immediately; resolves once nothing of it is left. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    await this.#turn.events.return();
  }

  #next(): Promise<IteratorResult<StreamedEvent, void>> {
    if (this.#pending === undefined) {
      const pending = this.#turn.events.next();
      const arrived = (): void => {
        if (this.#pending === pending) this.#isReady = true;
      };
      this.#pending = pending;
      // Errors too, since they may arrive while nobody waits.
      pending.then(arrived, arrived);
    }
    return this.#pending;
  }

  #taken(): void {
    this.#pending = undefined;
    this.#isReady = false;
  }
}

/** Creates a stream of parts. Nothing starts before the first part is requested. */
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
 * Creates a stream of the parts that a turn is mapped to. The turn starts when the first
 * part is requested, advances as parts are read, and ends immediately when the stream is
 * cancelled.
 *
 * @param begin Returns the parts that come before the first event's.
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
    cancel: () => followed.abandon(),
  });
}
