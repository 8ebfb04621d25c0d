import { isDelta, type StreamedEvent } from "../../../protocol/deltas.ts";
import type { ThreadEvent } from "../../../protocol/events.ts";
import type { TurnBatch } from "../../../transport/transport.ts";

/** Leaves out pieces of items, for who did not ask for them, or could not. */
export function withoutDeltas(batch: TurnBatch<StreamedEvent>): TurnBatch {
  const events = batch.events.filter((event): event is ThreadEvent =>
    !isDelta(event)
  );
  return { ...batch, events };
}
