import { CodexError } from "../errors/codex_error.ts";
import type { StreamedEvent } from "../protocol/deltas.ts";
import { firstLine } from "../util/text.ts";
import type { Pulled } from "../util/readable_from.ts";

/**
 * Wraps a turn's events for a reader who sees only the events. If the turn fails without
 * a `turn.failed`, one is added; the events then end instead of throwing.
 */
export function eventsToEnd<E extends StreamedEvent>(
  events: Pulled<E>,
): Pulled<StreamedEvent> {
  let hasFailed = false;
  return {
    async next(): Promise<IteratorResult<StreamedEvent, void>> {
      try {
        const next = await events.next();
        if (!next.done) hasFailed ||= next.value.type === "turn.failed";
        return next;
      } catch (error) {
        if (hasFailed) return { done: true, value: undefined };
        hasFailed = true;
        return {
          done: false,
          value: { type: "turn.failed", error: describeError(error) },
        };
      }
    },
    return: () => events.return(),
  };
}

/** Writes each event as a line of JSON. */
export function eventLines(
  events: Pulled<StreamedEvent>,
): Pulled<Uint8Array> {
  const encoder = new TextEncoder();
  return {
    async next(): Promise<IteratorResult<Uint8Array, void>> {
      const next = await events.next();
      if (next.done) return next;
      return {
        done: false,
        value: encoder.encode(`${JSON.stringify(next.value)}\n`),
      };
    },
    return: () => events.return(),
  };
}

/** Returns an error's code and the first line of its message; the rest may be long. */
function describeError(error: unknown): { message: string; code: string } {
  const { message = "", code = "internal" } = error instanceof CodexError
    ? error
    : {};
  return { message: firstLine(message), code };
}
