import type { ThreadEvent, Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import { eachTokenCount } from "../protocol/token_counts.ts";

/**
 * The deepest nesting of a value that may be sent to another thread. A thread reads it with
 * one function call per level: Node's main thread manages 3,000, and fails silently at
 * depths that a worker can still send (facts R30).
 */
const MAX_DEPTH = 1000;

/** Reduces a usage to its counts, if fields that a newer CLI has added cannot be sent. */
export function usageWithoutDepth(usage: Usage | null): Usage | null {
  if (usage === null || canCross(usage)) return usage;
  return eachTokenCount((name) => usage[name]);
}

/** Tells whether a value can be sent to another thread and read there. */
export function canCross(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  for (const key in value) {
    if (!canCross(Reflect.get(value, key), depth - 1)) return false;
  }
  return true;
}

/** Replaces an event that cannot be sent by one that only tells its type. */
export function withoutDepth(event: ThreadEvent): ThreadEvent {
  switch (event.type) {
    case "item.started":
    case "item.updated":
    case "item.completed":
      return { type: event.type, item: itemWithoutDepth(event.item) };
    case "unknown": {
      const { event_type } = event;
      return { type: "unknown", event_type, raw: { type: event_type } };
    }
    default:
      return {
        type: "unknown",
        event_type: event.type,
        raw: { type: event.type },
      };
  }
}

/** Replaces an item that cannot be sent likewise; returns any other unchanged. */
export function itemWithoutDepth(item: ThreadItem): ThreadItem {
  if (canCross(item)) return item;
  const item_type = item.type === "unknown" ? item.item_type : item.type;
  const { id } = item;
  return { type: "unknown", id, item_type, raw: { id, type: item_type } };
}
