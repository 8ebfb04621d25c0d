import { type StreamedEvent, withoutDeltas } from "../../../protocol/deltas.ts";
import type { TurnBatch } from "../../../transport/transport.ts";

/** Gives a batch without the pieces of items, for who did not ask for them, or could not. */
export function batchWithoutDeltas(batch: TurnBatch<StreamedEvent>): TurnBatch {
  return { ...batch, events: withoutDeltas(batch.events) };
}
