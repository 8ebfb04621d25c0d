import {
  assert,
  assertEquals,
  assertObjectMatch,
  assertRejects,
} from "@std/assert";
import type { CodexConfigObject } from "../../src/options/options.ts";
import {
  modelAnswer,
  modelDelay,
  modelEvents,
  modelFunctionCall,
  modelHang,
  modelHttpError,
  modelMcpCall,
  modelMessage,
  ScriptedModel,
} from "../../testing.ts";
import { MINUTE_MS } from "../../src/testing/waiting.ts";

/** Requests an answer as the CLI does. */
function ask(model: ScriptedModel, body: unknown = {}): Promise<Response> {
  return fetch(`${model.baseUrl}/responses`, {
    method: "POST",
    body: JSON.stringify(body),
  });
}

/** Reads the events of a stream. */
async function readEvents(
  response: Response,
): Promise<Record<string, unknown>[]> {
  return [...(await response.text()).matchAll(/^data: (.*)$/gm)]
    .map((match) => JSON.parse(match[1] ?? ""));
}

Deno.test("ScriptedModel streams an answer with generated ids", async () => {
  await using model = await ScriptedModel.start([
    modelAnswer(modelMessage("hi"), modelFunctionCall("f", "raw")),
    modelAnswer({ ...modelMcpCall("srv", "tool", { a: 1 }), call_id: "mine" }),
  ]);
  const response = await ask(model);
  assertEquals(response.headers.get("content-type"), "text/event-stream");
  const events = await readEvents(response);
  assertEquals(events.map((event) => event.type), [
    "response.created",
    "response.output_item.added",
    "response.output_text.delta",
    "response.output_item.done",
    "response.output_item.done",
    "response.completed",
  ]);
  assertObjectMatch({ ...events[4] }, {
    output_index: 1,
    item: { id: "item_1_2", call_id: "call_1_2", arguments: "raw" },
  });
  assertObjectMatch({ ...events[5] }, {
    response: {
      id: "resp_1",
      usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
    },
  });
  const [, called] = await readEvents(await ask(model));
  assertObjectMatch({ ...called }, {
    item: {
      id: "item_2_1",
      call_id: "mine",
      name: "tool",
      namespace: "mcp__srv",
    },
  });
});

Deno.test("ScriptedModel sends hand-written events unchanged", async () => {
  await using model = await ScriptedModel.start([
    modelEvents({ type: "odd", value: 1 }),
  ]);
  const events = await readEvents(await ask(model));
  assertEquals(events[1], { type: "odd", value: 1 });
});

Deno.test("ScriptedModel sends status, body and headers of an HTTP error", async () => {
  await using model = await ScriptedModel.start([
    modelHttpError(503, "busy", { "retry-after": "7" }),
    modelHttpError(418),
  ]);
  const busy = await ask(model);
  assertEquals([busy.status, await busy.text()], [503, "busy"]);
  assertEquals(busy.headers.get("retry-after"), "7");
  assertEquals(await (await ask(model)).json(), {
    error: { message: "Scripted HTTP 418" },
  });
});

Deno.test("ScriptedModel records unknown requests, outside the script", async () => {
  await using model = await ScriptedModel.start([
    modelAnswer(modelMessage("first")),
  ]);
  const missing = await fetch(`${model.baseUrl}/files?x=1`, {
    method: "PUT",
    body: "not json",
  });
  assertEquals(missing.status, 404);
  await missing.body?.cancel();
  const models = await fetch(`${model.baseUrl}/models?client_version=1`);
  assertEquals((await models.json()).object, "list");
  await (await ask(model)).body?.cancel();
  assertEquals(
    model.requests.map((
      { number, method, path, status },
    ) => [number, method, path, status]),
    [[0, "PUT", "/v1/files?x=1", 404], [
      0,
      "GET",
      "/v1/models?client_version=1",
      200,
    ], [
      1,
      "POST",
      "/v1/responses",
      200,
    ]],
  );
  assertEquals(model.requests[0]?.text, "not json");
  assertEquals(model.requests[0]?.body, undefined);
});

Deno.test("ScriptedModel records text that arrives in pieces as one text", async () => {
  await using model = await ScriptedModel.start([modelAnswer()]);
  const content = [{ type: "input_text", text: "å\u2028𝕏".repeat(100_000) }];
  const input = [{ type: "message", role: "user", content }];
  await (await ask(model, { model: "m", input })).body?.cancel();
  assertEquals(model.requests[0]?.prompt, content[0]?.text);
  assertEquals(model.requests[0]?.model, "m");
});

Deno.test("ScriptedModel notices if a client disconnects during a delayed answer", async () => {
  await using model = await ScriptedModel.start([
    modelDelay(2 * MINUTE_MS, modelAnswer()),
  ]);
  const leaving = new AbortController();
  const asked = fetch(`${model.baseUrl}/responses`, {
    method: "POST",
    body: "{}",
    signal: leaving.signal,
  });
  await model.requested(1);
  leaving.abort();
  await assertRejects(() => asked);
  assertEquals((await model.settled(1)).outcome, "client-gone");
});

Deno.test("ScriptedModel.close cuts open requests at once, and may be called again", async () => {
  const model = await ScriptedModel.start([
    modelHang(),
    modelDelay(2 * MINUTE_MS, modelAnswer()),
    () => new Promise(() => {}),
  ]);
  const hung = await ask(model);
  const waiting = [ask(model), ask(model)];
  const rejected = waiting.map((each) => assertRejects(() => each));
  await model.requested(3);
  const started = performance.now();
  await Promise.all([model.close(), model.close()]);
  assert(performance.now() - started < MINUTE_MS);
  await model.close();
  await assertRejects(() => hung.text());
  await Promise.all(rejected);
  assertEquals(model.requests.map((request) => request.outcome), [
    "cut",
    "cut",
    "cut",
  ]);
  await assertRejects(() => ask(model));
});

Deno.test("ScriptedModel.requested fails if the model is closed before", async () => {
  const model = await ScriptedModel.start([]);
  const waiting = assertRejects(
    () => model.requested(1),
    Error,
    "the model is closed",
  );
  await model.close();
  await waiting;
});

Deno.test("ScriptedModel.start uses a separate port for each model", async () => {
  await using one = await ScriptedModel.start([]);
  await using two = await ScriptedModel.start([]);
  assert(one.baseUrl !== two.baseUrl);
  const config: CodexConfigObject = one.config;
  assertObjectMatch(config, {
    model_providers: { mock: { base_url: one.baseUrl } },
  });
  assertEquals(one.env("/home/x").CODEX_HOME, "/home/x");
});
