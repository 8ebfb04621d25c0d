import type { EventReader } from "../stream/event_reader.ts";

let loaded: Promise<typeof EventReader> | undefined;

/**
 * Loads the reader of events, and with it zod: while the CLI boots, which takes
 * longer (facts R9). The reader is tried at once, so that what a runtime compiles
 * when it first runs is compiled before the first event comes: 2 to 5 ms.
 */
export function loadEventReader(): Promise<typeof EventReader> {
  loaded ??= import("../stream/event_reader.ts").then(({ EventReader }) => {
    const reader = new EventReader({ strict: false, maxLineBytes: undefined });
    reader.push(new TextEncoder().encode(TRIAL));
    return EventReader;
  });
  return loaded;
}

/** The lines of a short turn. */
export const TRIAL: string = [
  { type: "thread.started", thread_id: "trial" },
  { type: "turn.started" },
  {
    type: "item.completed",
    item: { id: "item_0", type: "agent_message", text: "" },
  },
  {
    type: "turn.completed",
    usage: {
      input_tokens: 0,
      cached_input_tokens: 0,
      cache_write_input_tokens: 0,
      output_tokens: 0,
      reasoning_output_tokens: 0,
    },
  },
].map((event) => `${JSON.stringify(event)}\n`).join("");
