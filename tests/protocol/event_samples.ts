import type { KnownThreadEvent } from "../../src/protocol/events.ts";
import type { JsonValue } from "../../src/protocol/json.ts";
import { ITEM_SAMPLES } from "./item_samples.ts";
import { type Kinds, NO_TEXT } from "./sample.ts";

const USAGE = {
  input_tokens: 10,
  cached_input_tokens: 4,
  cache_write_input_tokens: 3,
  output_tokens: 5,
  reasoning_output_tokens: 1,
};
const ITEM = ITEM_SAMPLES.agent_message.full;
const NO_ITEM: readonly JsonValue[] = [null, 1, true, "item", [], [{}]];

/** A sample of every known kind of event. */
export const EVENT_SAMPLES: Kinds<KnownThreadEvent> = {
  "thread.started": {
    full: { type: "thread.started", thread_id: "a" },
    required: { thread_id: NO_TEXT },
    optional: {},
  },
  "turn.started": {
    full: { type: "turn.started" },
    required: {},
    optional: {},
  },
  "turn.completed": {
    full: { type: "turn.completed", usage: USAGE },
    required: {
      usage: [
        null,
        [],
        1,
        {},
        ...Object.keys(USAGE).map((key) => ({ ...USAGE, [key]: "1" })),
        { ...USAGE, input_tokens: null },
        { ...USAGE, cached_input_tokens: null },
        { ...USAGE, output_tokens: null },
      ],
    },
    optional: {},
  },
  "turn.failed": {
    full: { type: "turn.failed", error: { message: "no" } },
    required: { error: [null, "no", [], {}, { message: null }] },
    optional: {},
  },
  "item.started": {
    full: { type: "item.started", item: ITEM },
    required: { item: NO_ITEM },
    optional: {},
  },
  "item.updated": {
    full: { type: "item.updated", item: ITEM },
    required: { item: NO_ITEM },
    optional: {},
  },
  "item.completed": {
    full: { type: "item.completed", item: ITEM },
    required: { item: NO_ITEM },
    optional: {},
  },
  error: {
    full: { type: "error", message: "Reconnecting... 1/5" },
    required: { message: NO_TEXT },
    optional: {},
  },
};
