import { assertEquals } from "@std/assert";
import { currentRuntime } from "../../src/runtime/current.ts";
import { prepareTools } from "../../src/tools/prepared_tools.ts";
import { startToolServer } from "../../src/tools/tool_server.ts";
import { withinMinute } from "../../src/testing/waiting.ts";
import { doing } from "./support.ts";

Deno.test("a call of a stopped turn is not answered before the server is closed", async () => {
  let isAborted = false;
  const called = Promise.withResolvers<void>();
  const server = await startToolServer(currentRuntime(), {
    tools: await prepareTools([
      doing((_, { signal }) => {
        signal.addEventListener("abort", () => isAborted = true);
        called.resolve();
        return new Promise(() => {});
      }),
    ]),
    timeoutMs: undefined,
    threadId: null,
  });
  let isAnswered = false;
  const calling = fetch(server.url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${server.token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "do" },
    }),
  }).then((response) => response.text()).catch(() => {})
    .finally(() => isAnswered = true);
  await withinMinute("the call", called.promise);
  server.end();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assertEquals([isAborted, isAnswered], [true, false]);
  await withinMinute("the end of the server", server.close());
  await withinMinute("the end of the call", calling);
});
