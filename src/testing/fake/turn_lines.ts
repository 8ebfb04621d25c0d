/** The thread that every fake CLI opens. */
export const THREAD_ID = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";

/** Lists the lines of a turn that goes well, as the CLI prints them. */
export function completedTurn(text: string): string[] {
  return [
    `{"type":"thread.started","thread_id":"${THREAD_ID}"}`,
    '{"type":"turn.started"}',
    JSON.stringify({
      type: "item.completed",
      item: { id: "item_0", type: "agent_message", text },
    }),
    '{"type":"turn.completed","usage":{"input_tokens":10,"cached_input_tokens":0,"cache_write_input_tokens":0,"output_tokens":5,"reasoning_output_tokens":0}}',
  ];
}
