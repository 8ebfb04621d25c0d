import { assertEquals, assertThrows } from "@std/assert";
import { readUIMessages, type UIMessageLike } from "../../ai.ts";
import { CodexInputError } from "../../mod.ts";
import { THREAD_ID } from "./support.ts";

function user(text: string): UIMessageLike {
  return { role: "user", parts: [{ type: "text", text }] as never };
}

Deno.test("The last answer determines the thread, and the input is what follows", () => {
  const metadata: UIMessageLike = {
    role: "assistant",
    parts: [],
    metadata: { threadId: THREAD_ID },
  };
  const part: UIMessageLike = {
    role: "assistant",
    parts: [{
      type: "dynamic-tool",
      callProviderMetadata: { codex: { threadId: THREAD_ID } },
    }] as never,
  };
  for (const answer of [metadata, part]) {
    assertEquals(readUIMessages([user("One"), answer, user("Two")]), {
      input: [{ type: "text", text: "Two" }],
      threadId: THREAD_ID,
    });
  }
});

Deno.test("Without an answer, a new thread is started with texts and images", () => {
  const { input, threadId } = readUIMessages([{
    role: "user",
    parts: [
      { type: "text", text: "Look" },
      {
        type: "file",
        mediaType: "image/png",
        url: "data:image/png;base64,aGk=",
      },
      { type: "file", mediaType: "text/plain", filename: "a", url: "data:,hi" },
      { type: "data-own", data: 1 },
    ] as never,
  }]);
  assertEquals(threadId, undefined);
  assertEquals(input, [
    { type: "text", text: "Look" },
    { type: "image", image: new TextEncoder().encode("hi") },
    { type: "text", text: "File a:\nhi" },
  ]);
});

Deno.test("Invalid messages are rejected, with the path of the problem", () => {
  const file = (url: unknown, mediaType: unknown = "image/png") => [
    { role: "user", parts: [{ type: "file", mediaType, url }] },
  ];
  const places: [given: unknown, path: string][] = [
    [undefined, "messages"],
    ["x", "messages"],
    [[null], "messages[0]"],
    [[{ role: "user" }], "messages[0]"],
    [[{ role: "tool", parts: [] }], "messages[0].role"],
    [[{ role: "user", parts: [null] }], "messages[0].parts[0]"],
    [
      [{ role: "user", parts: [{ type: "text" }] }],
      "messages[0].parts[0].text",
    ],
    [file("file:///etc/passwd"), "messages[0].parts[0].url"],
    [file("https://example.org"), "messages[0].parts[0].url"],
    [file(1), "messages[0].parts[0].url"],
    [file("data:,x", 1), "prompt[0].content[0]"],
    [[], "prompt"],
  ];
  for (const [given, path] of places) {
    const error = assertThrows(
      () => readUIMessages(given as UIMessageLike[]),
      CodexInputError,
    );
    assertEquals(error.path, path);
  }
});

Deno.test("An invalid thread id starts a new thread", () => {
  const answer: UIMessageLike = {
    role: "assistant",
    parts: [{ type: "text", text: "Yes" }] as never,
    metadata: { threadId: "--last" },
  };
  assertEquals(
    readUIMessages([user("One"), answer, user("Two")]).threadId,
    undefined,
  );
});
