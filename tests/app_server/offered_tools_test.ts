import { assertEquals } from "@std/assert";
import {
  dynamicTools,
  missingTools,
  NO_TOOLS,
  offeredTools,
  readOfferedTools,
} from "../../src/app_server/tools/offered_tools.ts";
import {
  toContentBlock,
  toToolResponse,
} from "../../src/app_server/tools/tool_responses.ts";
import { prepareTools } from "../../src/tools/prepared_tools.ts";
import { doing } from "../tools/support.ts";

const PREPARED = await prepareTools([
  doing(() => "", "one"),
  doing(() => "", "two"),
]);

/** Builds the text of a thread's file from the payload of its first line. */
function fileWith(payload: unknown): string {
  return `${JSON.stringify({ type: "session_meta", payload })}\nmore`;
}

// Facts A35.
Deno.test("readOfferedTools returns the tools that a thread was opened with", () => {
  const dynamic_tools = dynamicTools("host", PREPARED);
  const read = readOfferedTools(fileWith({ dynamic_tools })) ?? NO_TOOLS;
  assertEquals(read, offeredTools(PREPARED));
  assertEquals(missingTools(PREPARED, read).size, 0);
  // CLIs without namespaces write it like this.
  const [{ tools = [] } = {}] = dynamic_tools ?? [];
  assertEquals(readOfferedTools(fileWith({ dynamic_tools: tools })), read);
  assertEquals(readOfferedTools(fileWith({})), NO_TOOLS);
});

Deno.test("readOfferedTools returns undefined for a file that does not contain the tools", () => {
  for (
    const text of [
      "",
      "{}",
      '{"type":"session_meta","payload":{}}',
      "{}\n",
      "null\n",
      "no JSON\n",
      '{"type":"session_meta"}\n',
      '{"type":"session_meta","payload":[]}\n',
      `${"[".repeat(100_000)}\n`,
      fileWith({ dynamic_tools: "all" }),
    ]
  ) {
    assertEquals(readOfferedTools(text), undefined, text.slice(0, 60));
  }
  const odd = fileWith({ dynamic_tools: [1, null, { tools: [null, 2] }] });
  assertEquals(readOfferedTools(odd), NO_TOOLS);
});

Deno.test("missingTools returns tools that are missing or differ", async () => {
  const other = await prepareTools([
    { ...doing(() => "", "one"), description: "Does something else" },
    doing(() => "another function", "two"),
    doing(() => "", "three"),
  ]);
  const missing = missingTools(other, offeredTools(PREPARED));
  assertEquals([...missing.keys()], ["one", "three"]);
  assertEquals(dynamicTools("host", new Map()), undefined);
});

Deno.test("Results are converted to the server's format and back", () => {
  const content = [
    { type: "text", text: "a" },
    { type: "image", data: "R0lG", mimeType: "image/gif" },
  ] as const;
  const { contentItems, success } = toToolResponse({ content, isError: true });
  assertEquals(success, false);
  const items = JSON.parse(JSON.stringify(contentItems));
  assertEquals(items.map(toContentBlock), content);
  const audio = { type: "inputAudio", audioUrl: "data:audio/wav;base64,AA==" };
  const url = { type: "inputImage", imageUrl: "https://example.org/a.png" };
  for (const other of [audio, url, null, "text", 7, []]) {
    assertEquals(toContentBlock(other), other);
  }
});
