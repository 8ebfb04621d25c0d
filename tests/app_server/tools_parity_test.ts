/** Tests that calls of tools look the same to users on every transport. @module */

import { assertEquals, assertNotEquals } from "@std/assert";
import * as z from "zod";
import { type CodexAppServer, tool } from "../../app_server.ts";
import { Codex, type Thread } from "../../mod.ts";
import {
  modelAnswer,
  modelMcpCall,
  modelMessage,
  type ModelRequest,
} from "../../testing.ts";
import { GIF } from "../input/images.ts";
import { realServer } from "../support/real_server.ts";
import { doing } from "../tools/support.ts";

const TOOLS = [
  tool({
    name: "strict",
    description: "Takes a number",
    input: z.object({ n: z.number() }),
    run: ({ n }) => ({ twice: 2 * n, deep: { list: [n] } }),
  }),
  doing(() => "a text", "text"),
  doing(() => "", "nothing"),
  doing(() => [], "no-parts"),
  doing(() => '{"json":"in a text"}', "json"),
  doing(() => [
    { type: "text", text: "first" },
    { type: "image", image: GIF },
    { type: "text", text: "last" },
  ], "parts"),
  doing(() => {
    throw new Error("No such article");
  }, "throws"),
  doing(() => 7 as unknown as string, "nonsense"),
  doing(() => Promise.reject(undefined), "rejects"),
];

/** The calls, one for each request. */
const CALLS: readonly [name: string, input: { n?: unknown }][] = [
  ["strict", { n: 4 }],
  ["strict", { n: "four" }],
  ...TOOLS.slice(1).map(({ name }): [string, { n?: unknown }] => [name, {}]),
];

/** Answers with the next call, by the name that the agent knows the tool by. */
function reply({ toolOutputs, text }: ModelRequest) {
  const next = CALLS[toolOutputs.length];
  if (next === undefined) return modelAnswer(modelMessage("Done"));
  const [name, input] = next;
  // If the thread was opened with the tool, the server calls it.
  return modelAnswer(
    text.includes("DYNAMIC")
      ? { ...modelMcpCall("host", name, input), namespace: "host" }
      : modelMcpCall("host", name.replaceAll("-", "_"), input),
  );
}

/** Returns the output of a call that the model got, without what the transport adds. */
function plain(output: string): string {
  return output.replace(/^Wall time: [\d.]+ seconds\nOutput:\n?/, "");
}

Deno.test("the events of calls are the same under codex exec and on the server, for tools of threads and of turns", async () => {
  await using real = await realServer(reply);
  const run = async (
    thread: Thread,
    prompt: string,
    tools: typeof TOOLS = [],
  ): Promise<unknown> => {
    const { length } = real.model.requests;
    const streamed = await thread.runStreamed(prompt, { tools });
    const events: unknown[] = [];
    for await (const event of streamed.events) {
      if (event.type !== "thread.started") events.push(event);
    }
    const told = real.model.requests.slice(length).at(-1)?.toolOutputs ?? [];
    assertNotEquals(events.length, 0);
    const { warnings } = streamed.result;
    return { events, warnings, told: told.map(({ text }) => plain(text)) };
  };
  const exec = new Codex({ ...real.options, tools: TOOLS });
  const seen = await run(exec.startThread(real.inRepo), "EXEC");
  const server: CodexAppServer = real.client({ tools: TOOLS });
  assertEquals(await run(server.startThread(real.inRepo), "DYNAMIC"), seen);
  assertEquals(
    await run(real.codex.startThread(real.inRepo), "MCP", TOOLS),
    seen,
  );
});
