import { assertEquals } from "@std/assert";
import type { ThreadItem } from "../../src/protocol/items.ts";
import {
  BEGUN,
  completed,
  makeTurn,
  mapEvents,
  message,
  ran,
  said,
  show,
  started,
  THREAD_ID,
  updated,
  USAGE,
} from "./support.ts";
import { PartMapper } from "../../src/ai/part_mapper.ts";

const RUNNING: ThreadItem = {
  id: "c",
  type: "command_execution",
  command: "true",
  aggregated_output: "",
  exit_code: null,
  status: "in_progress",
};
const THOUGHT: ThreadItem = { id: "r", type: "reasoning", text: "Hm" };
const WORK = [
  completed(THOUGHT),
  said("a", "I look."),
  started(RUNNING),
  completed(ran("c", 3)),
  said("b", "Done."),
];
const CALL = [
  'call tag_1_c shell {"command":"true"}',
  'result tag_1_c {"output":"out","exitCode":3}',
];

Deno.test("Each text is a separate part, and the last one ends with the usage", () => {
  assertEquals(show(mapEvents(WORK, "Done.")), [
    ...["reasoning-start", "reasoning-delta Hm", "reasoning-end"],
    ...["text-start", "text-delta I look.", "text-end"],
    ...CALL,
    ...["text-start", "text-delta \n\nDone.", "text-end with usage"],
  ]);
});

Deno.test("The last part has the facts of the turn", () => {
  assertEquals(mapEvents(WORK, "Done.").at(-1), {
    type: "finish",
    finishReason: { unified: "stop", raw: "turn.completed" },
    usage: {
      inputTokens: { total: 10, noCache: 6, cacheRead: 4, cacheWrite: 3 },
      outputTokens: { total: 5, text: 4, reasoning: 1 },
      raw: { ...USAGE },
    },
    providerMetadata: {
      codex: {
        threadId: THREAD_ID,
        usage: { ...USAGE },
        turnUsage: { ...USAGE },
        durationMs: 7,
        warnings: ["Slow"],
      },
    },
  });
});

Deno.test("Each part has the thread's id in its metadata", () => {
  for (const part of mapEvents(WORK, "Done.")) {
    if (!("providerMetadata" in part)) continue;
    assertEquals(part.providerMetadata?.codex?.threadId, THREAD_ID);
  }
});

Deno.test("Messages before the answer can be reasoning, or hidden", () => {
  const reasoning = ["reasoning-start", "reasoning-delta Hm", "reasoning-end"];
  const answer = ["text-start", "text-delta Done.", "text-end with usage"];
  assertEquals(show(mapEvents(WORK, "Done.", { commentary: "reasoning" })), [
    ...reasoning,
    ...["reasoning-start", "reasoning-delta I look.", "reasoning-end"],
    ...CALL,
    ...answer,
  ]);
  assertEquals(show(mapEvents(WORK, "Done.", { commentary: "hidden" })), [
    ...reasoning,
    ...CALL,
    ...answer,
  ]);
});

Deno.test("The last message is the answer, even if it was taken for commentary", () => {
  const events = [said("a", "Done; one more."), completed(ran("c"))];
  assertEquals(
    show(mapEvents(events, "Done; one more.", { commentary: "reasoning" })),
    [
      ...["reasoning-start", "reasoning-delta Done; one more."],
      "reasoning-end",
      'call tag_1_c shell {"command":"true"}',
      'result tag_1_c {"output":"out","exitCode":0}',
      ...["text-start", "text-delta Done; one more.", "text-end with usage"],
    ],
  );
});

Deno.test("With a schema, the only text is the turn's answer", () => {
  const events = [said("a", '{"n":0}'), said("b", '{"n": 1}')];
  const options = { form: "schema", commentary: "hidden" } as const;
  const answer = ["text-start", 'text-delta {"n":1}', "text-end with usage"];
  assertEquals(show(mapEvents(events, '{"n": 1}', options)), answer);
  assertEquals(show(mapEvents([], "no JSON", options)), [
    ...["text-start", "text-delta no JSON", "text-end with usage"],
  ]);
  assertEquals(show(mapEvents([], "", options)), []);
});

Deno.test("Tools can be hidden", () => {
  const parts = mapEvents(WORK, "Done.", { toolParts: "hidden" });
  assertEquals(show(parts).filter((text) => /call|result/.test(text)), []);
});

Deno.test("Deltas of a message are one text, which is not repeated", () => {
  const piece = (item_id: string, delta: string) =>
    ({ type: "item.delta", item_id, kind: "agent_message", delta }) as const;
  const events = [
    piece("a", "One"),
    piece("a", " two"),
    completed(message("a", "One two three")),
    piece("b", "Again"),
    completed(message("b", "Something else")),
    piece("c", "Cut"),
    { type: "turn.diff", diff: "" } as const,
    said("d", "End"),
  ];
  assertEquals(show(mapEvents(events, "End")), [
    ...["text-start", "text-delta One", "text-delta  two"],
    ...["text-delta  three", "text-end"],
    ...["text-start", "text-delta \n\nAgain", "text-end"],
    ...["text-start", "text-delta \n\nCut", "text-end"],
    ...["text-start", "text-delta \n\nEnd", "text-end with usage"],
  ]);
});

Deno.test("Deltas of reasoning are one part", () => {
  const piece = (delta: string) =>
    ({ type: "item.delta", item_id: "r", kind: "reasoning", delta }) as const;
  assertEquals(
    show(mapEvents([piece("H"), piece("m"), completed(THOUGHT)], "")),
    [
      ...["reasoning-start", "reasoning-delta H", "reasoning-delta m"],
      "reasoning-end",
    ],
  );
});

Deno.test("A changing plan has preliminary results, and does not end the answer", () => {
  const plan = (isDone: boolean): ThreadItem => ({
    id: "p",
    type: "todo_list",
    items: [{ text: "x", completed: isDone }],
  });
  const events = [
    started(plan(false)),
    updated(plan(true)),
    said("a", "Done."),
    completed(plan(true)),
  ];
  const list = (isDone: boolean) =>
    `{"plan":[{"text":"x","completed":${isDone}}]}`;
  assertEquals(show(mapEvents(events, "Done.")), [
    `call tag_1_p update_plan ${list(false)}`,
    `so far tag_1_p ${list(true)}`,
    ...["text-start", "text-delta Done."],
    `result tag_1_p ${list(true)}`,
    "text-end with usage",
  ]);
});

Deno.test("A call that is still running when the turn completes has a result", () => {
  assertEquals(show(mapEvents([started(RUNNING)], "")), [
    'call tag_1_c shell {"command":"true"}',
    'result tag_1_c {"output":"","exitCode":null}',
  ]);
});

Deno.test("Each attempt has separate call ids", () => {
  const events = [completed(ran("c")), ...BEGUN, completed(ran("c"))];
  const calls = show(mapEvents(events, "")).filter((text) =>
    text.startsWith("call")
  );
  assertEquals(calls.map((text) => text.split(" ")[1]), ["tag_1_c", "tag_2_c"]);
});

Deno.test("Raw chunks are the events", () => {
  const parts = mapEvents([], "", { hasRawChunks: true });
  assertEquals(
    parts.flatMap((part) => part.type === "raw" ? [part.rawValue] : []),
    [...BEGUN],
  );
});

Deno.test("An unknown usage is left undefined", () => {
  const mapper = new PartMapper({
    toolParts: "shown",
    commentary: "text",
    form: "text",
    tag: "tag",
    modelId: "codex",
    hasRawChunks: false,
  });
  const turn = Object.assign(makeTurn(""), { usage: null, turnUsage: null });
  const [finish] = mapper.end(turn);
  assertEquals(
    finish?.type === "finish" && finish.usage.inputTokens.total,
    undefined,
  );
  assertEquals(
    finish?.type === "finish" && finish.providerMetadata,
    { codex: { durationMs: 7, warnings: ["Slow"] } },
  );
});
