/**
 * The events that the fake CLIs print.
 *
 * @module
 */

const WORDS =
  "the test of a parser fails on the second line because its input ends early ";
const OUTPUT =
  "\u001b[32mok\u001b[0m src/stream/decoder_test.ts (12 ms)\n  at file:///src/main.ts:12:34 – “quoted” \\ path\n";

const USAGE = {
  input_tokens: 24_763,
  cached_input_tokens: 24_448,
  cache_write_input_tokens: 0,
  output_tokens: 122,
  reasoning_output_tokens: 64,
};

/** The events at the beginning of every turn. */
export const OPENING: readonly string[] = [
  line({
    type: "thread.started",
    thread_id: "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef",
  }),
  line({ type: "turn.started" }),
];

/** The event at the end of every turn that succeeds. */
export const CLOSING: string = line({ type: "turn.completed", usage: USAGE });

/** A short turn that succeeds. */
export const SHORT_TURN: string = [
  ...OPENING,
  item("completed", 0, { type: "agent_message", text: "Done." }),
  CLOSING,
].join("");

/** Yields a turn of a number of events of all kinds, in the proportions of a real turn. */
export function* mixedEvents(count: number): Generator<string> {
  yield* OPENING;
  for (let index = 0; index < count - OPENING.length - 1; index++) {
    yield mixedEvent(index);
  }
  yield CLOSING;
}

/** Yields a turn whose only command prints a number of bytes, in one line of ASCII. */
export function* longLine(bytes: number): Generator<string> {
  yield* OPENING;
  const piece = "x".repeat(78) + "\\n";
  const [before = "", after = ""] = item("completed", 0, {
    ...command("completed"),
    aggregated_output: "@@",
  }).split("@@");
  yield before;
  const block = piece.repeat(1024);
  for (let left = bytes - before.length - after.trimEnd().length; left > 0;) {
    yield left >= block.length ? block : "x".repeat(left);
    left -= block.length;
  }
  yield after;
  yield CLOSING;
}

/** A small event of a running command. */
export const UPDATE: string = item("updated", 0, {
  ...command("in_progress"),
  aggregated_output: "ok 1",
});

function mixedEvent(index: number): string {
  switch (index % 10) {
    case 0:
      return item("completed", index, {
        type: "reasoning",
        text: WORDS.repeat(6),
      });
    case 1:
      return item("started", index, command("in_progress"));
    case 2:
    case 3:
      return item("updated", index, {
        ...command("in_progress"),
        aggregated_output: OUTPUT.repeat(6),
      });
    case 4:
      return item("completed", index, {
        ...command("completed"),
        aggregated_output: OUTPUT.repeat(12),
      });
    case 5:
      return item("completed", index, {
        type: "file_change",
        changes: [
          { path: "/home/user/project/src/main.ts", kind: "update" },
          { path: "/home/user/project/src/other.ts", kind: "add" },
        ],
        status: "completed",
      });
    case 6:
      return item("completed", index, {
        type: "mcp_tool_call",
        server: "files",
        tool: "search",
        arguments: { query: "decoder", limit: 10 },
        result: {
          content: [{ type: "text", text: WORDS.repeat(6) }],
          structured_content: null,
        },
        error: null,
        status: "completed",
      });
    case 7:
      return item("updated", index, {
        type: "todo_list",
        items: Array.from({ length: 6 }, (_, place) => ({
          text: WORDS.slice(0, 40),
          completed: place < 3,
        })),
      });
    case 8:
      return item("completed", index, {
        type: "web_search",
        query: WORDS,
        action: { type: "search", queries: [WORDS] },
      });
    default:
      return item("completed", index, {
        type: "agent_message",
        text: WORDS.repeat(5),
      });
  }
}

function command(status: string): Record<string, unknown> {
  return {
    type: "command_execution",
    command: "/bin/bash -lc 'deno test --allow-all'",
    aggregated_output: "",
    exit_code: status === "completed" ? 0 : null,
    status,
  };
}

function item(
  what: "started" | "updated" | "completed",
  index: number,
  fields: Record<string, unknown>,
): string {
  return line({
    type: `item.${what}`,
    item: { id: `item_${index}`, ...fields },
  });
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
