import {
  assert,
  assertEquals,
  assertObjectMatch,
  assertStringIncludes,
} from "@std/assert";
import {
  modelAnswer,
  modelCommand,
  modelDelay,
  modelMessage,
  modelPatch,
  modelPlan,
  modelReasoning,
  modelUsage,
  modelWebSearch,
  ScriptedModel,
} from "../../testing.ts";
import { completedItems, runCodex } from "./support.ts";
import { tempFolder } from "../support/temp_folder.ts";

Deno.test("ScriptedModel answers with reasoning and a message", async () => {
  await using model = await ScriptedModel.start([
    modelAnswer(modelReasoning("Thinking"), modelMessage("Hello")),
  ]);
  const run = await runCodex(model, "Say hello");
  assertEquals(run.code, 0);
  assertEquals(run.events.map((event) => event.type), [
    "thread.started",
    "turn.started",
    "item.completed",
    "item.completed",
    "turn.completed",
  ]);
  assertObjectMatch({ ...completedItems(run)[0] }, {
    type: "reasoning",
    text: "Thinking",
  });
  assertObjectMatch({ ...completedItems(run)[1] }, {
    type: "agent_message",
    text: "Hello",
  });
  assertEquals(model.requests.length, 1);
  assertObjectMatch({ ...model.requests[0] }, {
    number: 1,
    method: "POST",
    path: "/v1/responses",
    prompt: "Say hello",
    status: 200,
    outcome: "answered",
    failure: undefined,
  });
  assertEquals(
    model.requests[0]?.headers.authorization,
    "Bearer scripted-model",
  );
  assert(model.requests[0]?.tools.length);
});

Deno.test("ScriptedModel makes the CLI run a command and receives its output", async () => {
  await using model = await ScriptedModel.start([
    modelAnswer(modelCommand("echo $((6 * 7)); exit 3")),
    (request) =>
      modelAnswer(modelMessage(`heard: ${request.toolOutputs[0]?.text}`)),
  ]);
  const run = await runCodex(model, "Compute");
  const [executed, said] = completedItems(run);
  assertObjectMatch({ ...executed }, {
    type: "command_execution",
    aggregated_output: "42\n",
    exit_code: 3,
    status: "failed",
  });
  assertStringIncludes(String(said?.text), "heard: ");
  assertStringIncludes(String(said?.text), "42");
  assertEquals(model.requests[1]?.toolOutputs.length, 1);
  assertEquals(model.requests[1]?.toolOutputs[0]?.callId, "call_1_1");
  assertEquals(model.requests[1]?.prompt, "Compute");
});

Deno.test("ScriptedModel.command passes its options on", async () => {
  await using folder = await tempFolder();
  await using model = await ScriptedModel.start([
    modelAnswer(modelCommand("pwd", { workdir: folder.path, login: false })),
    modelAnswer(modelMessage("done")),
  ]);
  const run = await runCodex(model, "Where?");
  const output = String(completedItems(run)[0]?.aggregated_output).trim();
  assertEquals(output, await Deno.realPath(folder.path));
});

Deno.test("ScriptedModel changes files, plans and searches", async () => {
  await using home = await tempFolder();
  await using model = await ScriptedModel.start([
    modelAnswer(modelPlan([{ step: "write", status: "in_progress" }, "rest"])),
    modelAnswer(
      modelPatch(
        "*** Begin Patch\n*** Add File: new.txt\n+hi\n*** End Patch\n",
      ),
    ),
    modelAnswer(modelWebSearch("codex sdk"), modelMessage("done")),
  ]);
  const run = await runCodex(model, "Work", { home: home.path });
  assertEquals(run.code, 0, run.stderr);
  const items = completedItems(run);
  assertEquals(items.map((item) => item.type).sort(), [
    "agent_message",
    "file_change",
    "todo_list",
    "web_search",
  ]);
  assertObjectMatch({ ...items.find((item) => item.type === "todo_list") }, {
    items: [{ text: "write", completed: false }, {
      text: "rest",
      completed: false,
    }],
  });
  assertObjectMatch({ ...items.find((item) => item.type === "web_search") }, {
    query: "codex sdk",
  });
  assertEquals(await Deno.readTextFile(`${home.path}/new.txt`), "hi\n");
});

Deno.test("ScriptedModel continues its script when a thread is resumed", async () => {
  await using home = await tempFolder();
  await using model = await ScriptedModel.start([
    modelAnswer(
      modelMessage("one"),
      modelUsage({ input_tokens: 100, cached_input_tokens: 40 }),
    ),
    modelAnswer(
      modelMessage("two"),
      modelUsage({
        output_tokens: 7,
        reasoning_output_tokens: 2,
        cache_write_input_tokens: 3,
      }),
    ),
  ]);
  const first = await runCodex(model, "First", { home: home.path });
  const id = String(first.events[0]?.thread_id);
  const second = await runCodex(model, "Second", {
    home: home.path,
    args: ["resume", id],
  });
  assertEquals(second.events[0]?.thread_id, id);
  assertEquals(model.requests.map((request) => request.prompt), [
    "First",
    "Second",
  ]);
  // The CLI reports the total of the thread.
  assertEquals(first.events.at(-1)?.usage, {
    input_tokens: 100,
    cached_input_tokens: 40,
    cache_write_input_tokens: 0,
    output_tokens: 5,
    reasoning_output_tokens: 0,
  });
  assertEquals(second.events.at(-1)?.usage, {
    input_tokens: 110,
    cached_input_tokens: 40,
    cache_write_input_tokens: 3,
    output_tokens: 12,
    reasoning_output_tokens: 2,
  });
});

Deno.test("ScriptedModel serves turns that run at the same time", async () => {
  await using model = await ScriptedModel.start((request) =>
    modelDelay(20, modelAnswer(modelMessage(`you said ${request.prompt}`)))
  );
  const prompts = ["one", "two", "three"];
  const runs = await Promise.all(
    prompts.map((prompt) => runCodex(model, prompt)),
  );
  assertEquals(
    runs.map((run) => completedItems(run)[0]?.text),
    prompts.map((prompt) => `you said ${prompt}`),
  );
  assertEquals(model.requests.map((request) => request.number), [1, 2, 3]);
});

Deno.test("ScriptedModel records the schema and the images of a request", async () => {
  await using folder = await tempFolder();
  const schema = {
    type: "object",
    properties: { ok: { type: "boolean" } },
    required: ["ok"],
    additionalProperties: false,
  };
  await Deno.writeTextFile(
    `${folder.path}/schema.json`,
    JSON.stringify(schema),
  );
  await Deno.writeFile(
    `${folder.path}/dot.png`,
    Uint8Array.fromBase64(DOT_PNG),
  );
  await using model = await ScriptedModel.start([
    modelAnswer(modelMessage('{"ok":true}')),
  ]);
  const run = await runCodex(model, "Look", {
    args: [
      "--output-schema",
      `${folder.path}/schema.json`,
      "--image",
      `${folder.path}/dot.png`,
    ],
  });
  assertEquals(run.code, 0, run.stderr);
  assertEquals(model.requests[0]?.textFormat, {
    type: "json_schema",
    name: "codex_output_schema",
    strict: true,
    schema,
  });
  assertEquals(model.requests[0]?.images.length, 1);
  assertStringIncludes(
    model.requests[0]?.images[0] ?? "",
    "data:image/png;base64,",
  );
  assertStringIncludes(model.requests[0]?.prompt ?? "", "Look");
});

/** One transparent pixel. */
const DOT_PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
