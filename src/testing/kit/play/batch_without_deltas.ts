import { type StreamedEvent, withoutDeltas } from "../../../protocol/deltas.ts";
import type { TurnBatch } from "../../../transport/transport.ts";

/** Removes the deltas from a batch, for turns that did not ask for them. */
export function batchWithoutDeltas(batch: TurnBatch<StreamedEvent>): TurnBatch {
  return { ...batch, events: withoutDeltas(batch.events) };
}
