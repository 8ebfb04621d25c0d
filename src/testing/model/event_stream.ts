import type { OutputItem, StreamEvent } from "./model_reply.ts";

/**
 * Maps the events of a reply to those that are sent.
 *
 * Fills in ids that the script omits, and precedes each finished item with the
 * events that the real service sends while the item is written.
 *
 * @param events The events of the reply.
 * @param number The position of the request, which makes the ids unique.
 * @returns The events to send, `response.created` first.
 */
export function toWireEvents(
  events: readonly StreamEvent[],
  number: number,
): StreamEvent[] {
  const id = `resp_${number}`;
  const wire: StreamEvent[] = [{
    type: "response.created",
    response: { id, status: "in_progress" },
  }];
  let index = 0;
  for (const event of events) {
    if (event.type === "response.output_item.done" && isItem(event.item)) {
      wire.push(...itemEvents(withIds(event.item, number, index), index));
      index += 1;
    } else if (typeof event.response === "object" && event.response !== null) {
      wire.push({ ...event, response: { id, ...event.response } });
    } else {
      wire.push(event);
    }
  }
  return wire;
}

/**
 * Writes one event in the format of server-sent events.
 *
 * @param event The event.
 * @returns The text to send.
 */
export function encodeEvent(event: StreamEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function itemEvents(item: OutputItem, index: number): StreamEvent[] {
  const position = { item_id: item.id, output_index: index };
  const done = {
    type: "response.output_item.done",
    output_index: index,
    item,
  };
  const added = (empty: Record<string, unknown>): StreamEvent => ({
    type: "response.output_item.added",
    output_index: index,
    item: { ...item, ...empty },
  });
  switch (item.type) {
    case "message":
      return [
        added({ content: [] }),
        ...texts(item.content).map((delta, content_index) => ({
          type: "response.output_text.delta",
          ...position,
          content_index,
          delta,
        })),
        done,
      ];
    case "reasoning":
      return [
        added({ summary: [] }),
        ...texts(item.summary).flatMap((delta, summary_index) => [
          {
            type: "response.reasoning_summary_part.added",
            ...position,
            summary_index,
          },
          {
            type: "response.reasoning_summary_text.delta",
            ...position,
            summary_index,
            delta,
          },
        ]),
        done,
      ];
    case "web_search_call":
      return [added({ status: "in_progress", action: undefined }), done];
    default:
      return [done];
  }
}

function withIds(item: OutputItem, number: number, index: number): OutputItem {
  const suffix = `${number}_${index + 1}`;
  const isCall = item.type === "function_call" ||
    item.type === "custom_tool_call";
  return {
    id: `item_${suffix}`,
    ...isCall ? { call_id: `call_${suffix}` } : {},
    ...item,
  };
}

function texts(parts: unknown): string[] {
  if (!Array.isArray(parts)) return [];
  return parts.map((part: { text?: unknown }) => part.text)
    .filter((text) => typeof text === "string");
}

function isItem(value: unknown): value is OutputItem {
  return typeof value === "object" && value !== null && "type" in value;
}
