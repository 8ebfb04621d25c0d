import { assertEquals, assertThrows } from "@std/assert";
import { CodexInputError } from "../../mod.ts";
import type { AiMessage } from "../../src/ai/model_types.ts";
import { readPrompt, readWholePrompt } from "../../src/ai/prompt.ts";
import { THREAD_ID, USAGE } from "./support.ts";

const OTHER_ID = THREAD_ID.replace(/1$/, "2");

function user(text: string): AiMessage {
  return { role: "user", content: [{ type: "text", text }] };
}

function assistant(text: string, codex?: unknown): AiMessage {
  return {
    role: "assistant",
    content: [{ type: "text", text, providerOptions: { codex } }],
  };
}

const SYSTEM: AiMessage = { role: "system", content: "Be brief." };
const ANSWERED = assistant("\n\nYes.", { threadId: THREAD_ID, usage: USAGE });

/** Returns the texts that are sent. */
function readTexts(prompt: readonly AiMessage[], wanted?: string): unknown {
  const { input } = readPrompt(prompt, wanted);
  return Array.isArray(input)
    ? input.map((part) => part.type === "text" ? part.text : part.type)
    : input;
}

Deno.test("A new thread gets the whole prompt", () => {
  const { threadId, input } = readPrompt([SYSTEM, user("Hi")]);
  assertEquals(threadId, undefined);
  assertEquals(input, [
    { type: "text", text: "Be brief." },
    { type: "text", text: "Hi" },
  ]);
});

Deno.test("A continued thread gets what follows its last message", () => {
  const prompt = [SYSTEM, user("One"), ANSWERED, user("Two"), user("Three")];
  const { threadId, usageBefore } = readPrompt(prompt);
  assertEquals({ threadId, usageBefore }, {
    threadId: THREAD_ID,
    usageBefore: USAGE,
  });
  assertEquals(readTexts(prompt), ["Two", "Three"]);
});

Deno.test("Answers of another model since then are included", () => {
  const prompt = [
    user("One"),
    ANSWERED,
    user("Two"),
    assistant("Me."),
    user("Three"),
  ];
  assertEquals(readPrompt(prompt).threadId, THREAD_ID);
  assertEquals(readTexts(prompt), [
    "User: Two",
    "Assistant: Me.",
    "User: Three",
  ]);
});

Deno.test("The last thread in the prompt is continued, unless the caller names one", () => {
  const prompt = [
    user("One"),
    ANSWERED,
    user("Two"),
    assistant("Other.", { threadId: OTHER_ID }),
    user("Three"),
  ];
  assertEquals(readPrompt(prompt).threadId, OTHER_ID);
  assertEquals(readPrompt(prompt).usageBefore, undefined);
  assertEquals(readTexts(prompt), ["Three"]);
  const wanted = THREAD_ID.toUpperCase();
  assertEquals(readPrompt(prompt, wanted).threadId, wanted);
  assertEquals(readTexts(prompt, wanted), [
    "User: Two",
    "Assistant: Other.",
    "User: Three",
  ]);
  const unknown = THREAD_ID.replace(/1$/, "3");
  assertEquals(readTexts(prompt, unknown), ["Three"]);
  assertEquals(readTexts([SYSTEM, user("Hi")], unknown), ["Be brief.", "Hi"]);
});

Deno.test("The metadata of the message itself are read, and invalid ids are ignored", () => {
  const own = {
    ...assistant("Yes."),
    providerOptions: { codex: { threadId: THREAD_ID } },
  };
  assertEquals(readPrompt([user("One"), own, user("Two")]).threadId, THREAD_ID);
  for (const codex of [{ threadId: "--last" }, { threadId: 1 }, "x", null]) {
    const prompt = [user("One"), assistant("Yes.", codex), user("Two")];
    assertEquals(readPrompt(prompt).threadId, undefined);
  }
  const stranger = {
    ...user("One"),
    providerOptions: { codex: { threadId: THREAD_ID } },
  };
  assertEquals(readPrompt([stranger]).threadId, undefined);
});

Deno.test("An invalid usage is ignored", () => {
  for (const usage of [{}, { ...USAGE, input_tokens: -1 }, "x", [1]]) {
    const prompt = [
      assistant("Yes.", { threadId: THREAD_ID, usage }),
      user("Go"),
    ];
    assertEquals(readPrompt(prompt).usageBefore, undefined);
  }
});

Deno.test("Tool calls of other models are included, shortened", () => {
  const prompt: AiMessage[] = [
    user("One"),
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "Secret" },
        { type: "tool-call", toolName: "look", input: { q: 1 } },
      ],
    },
    {
      role: "tool",
      content: [{
        type: "tool-result",
        toolName: "look",
        output: { type: "text", value: "x".repeat(9000) },
      }],
    },
    { role: "user", content: "Two" },
  ];
  const [, call, result, last] = readTexts(prompt) as string[];
  assertEquals(call, 'Assistant: (look was called with {"q":1})');
  assertEquals(result?.startsWith('Tool: (look gave {"type":"text"'), true);
  assertEquals((result?.length ?? 0) < 5000, true);
  assertEquals(last, "User: Two");
});

Deno.test("The whole prompt can be included, for a new thread", () => {
  const prompt = [SYSTEM, user("One"), ANSWERED, user("Two")];
  assertEquals(readWholePrompt(prompt), [
    { type: "text", text: "Be brief." },
    { type: "text", text: "User: One" },
    { type: "text", text: "Assistant: Yes." },
    { type: "text", text: "User: Two" },
  ]);
});

Deno.test("A prompt without anything new is rejected", () => {
  const blank = user(" ");
  for (
    const prompt of [
      [],
      [SYSTEM],
      [blank],
      [user("One"), ANSWERED],
      [user("One"), ANSWERED, blank],
      [user("One"), ANSWERED, assistant("Me.")],
    ]
  ) {
    assertThrows(() => readPrompt(prompt), CodexInputError, "Nothing new");
  }
});

Deno.test("Images stay after their speaker", () => {
  const image = {
    type: "file",
    mediaType: "image/png",
    data: new Uint8Array([1]),
  };
  const prompt: AiMessage[] = [
    { role: "user", content: [image] },
    assistant("Yes."),
    user("And?"),
  ];
  assertEquals(readTexts(prompt), [
    "User:",
    "image",
    "Assistant: Yes.",
    "User: And?",
  ]);
});
