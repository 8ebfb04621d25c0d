import type { StreamedEvent } from "../protocol/deltas.ts";
import type { Turn } from "../turn/turn.ts";
import type { AgentTurn } from "./agent_client.ts";

/** Maps a turn to parts of something else. */
export interface TurnMapping<P> {
  /** Gives what comes before the first event. */
  begin(): P[];
  /** Maps an event. */
  add(event: StreamedEvent): P[];
  /** Maps the turn's end. */
  end(turn: Turn): P[];
  /** Maps the turn's error; what it throws becomes the stream's own. */
  fail(error: unknown): P[];
  /** Gives the turn to go on with after an error, before anything has been handed out. */
  recover?(error: unknown): Promise<AgentTurn | undefined>;
}

/**
 * Makes a stream of what a turn is mapped to. The turn starts when the first part is asked
 * for, goes on as far as parts are taken, and ends at once when the stream is cancelled.
 */
export function streamTurn<P>(
  first: AgentTurn,
  mapping: TurnMapping<P>,
): ReadableStream<P> {
  let turn = first;
  let isCancelled = false;
  let hasBegun = false;
  /** Gives the next parts, of which there may be none, and whether they are the last. */
  const next = async (): Promise<{ parts: P[]; isLast: boolean }> => {
    try {
      const { done, value } = await turn.events.next();
      if (done) return { parts: mapping.end(turn.result), isLast: true };
      return { parts: mapping.add(value), isLast: false };
    } catch (error) {
      await turn.events.return();
      if (isCancelled) throw error;
      const other = hasBegun ? undefined : await mapping.recover?.(error);
      if (other === undefined) {
        return { parts: mapping.fail(error), isLast: true };
      }
      turn = other;
      return { parts: [], isLast: false };
    }
  };
  return new ReadableStream<P>({
    async pull(controller): Promise<void> {
      for (let isWaiting = true; isWaiting && !isCancelled;) {
        const { parts, isLast } = await next();
        if (isCancelled) return;
        if (parts.length > 0 || isLast) {
          const all = hasBegun ? parts : [...mapping.begin(), ...parts];
          hasBegun = true;
          for (const part of all) controller.enqueue(part);
          isWaiting = false;
        }
        if (isLast) controller.close();
      }
    },
    async cancel(): Promise<void> {
      isCancelled = true;
      await turn.events.return();
    },
  }, { highWaterMark: 0 });
}
