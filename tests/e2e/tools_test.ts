/** Tests functions of the program that the real CLI's agent calls. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { type McpToolCallItem, tool, type Turn } from "../../mod.ts";
import { modelAnswer, modelMcpCall, modelMessage } from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";

const lookup = tool({
  name: "lookup",
  description: "Looks up the price of an article",
  input: z.object({ article: z.number(), currency: z.string().default("EUR") }),
  run: ({ article, currency }) => ({ price: article * 6, currency }),
});

/** Returns the calls of a turn. */
function calls({ items }: Turn): McpToolCallItem[] {
  return items.filter((item): item is McpToolCallItem =>
    item.type === "mcp_tool_call"
  );
}

Deno.test("a turn's agent calls a function of the program under read-only, and gets its result", async () => {
  await using real = await realCodex([
    modelAnswer(modelMcpCall("host", "lookup", { article: 7 })),
    modelAnswer(modelMessage("42 EUR")),
  ]);
  const turn = await real.client({ tools: [lookup] })
    .startThread({ ...real.inRepo, sandboxMode: "read-only" }).run("Price?");
  assertEquals(turn.warnings, []);
  assertEquals(calls(turn).map(({ status }) => status), ["completed"]);
  assertEquals(calls(turn)[0]?.result?.structured_content, {
    price: 42,
    currency: "EUR",
  });
  assertStringIncludes(
    real.model.requests[1]?.toolOutputs[0]?.text ?? "",
    '{"price":42,"currency":"EUR"}',
  );
  assert(turn.finalResponse === "42 EUR");
});
