import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import {
  modelAnswer,
  modelCommand,
  modelDelay,
  modelDrop,
  modelFailure,
  modelHang,
  modelHttpError,
  modelMessage,
  type ModelReply,
  ScriptedModel,
} from "../../testing.ts";
import {
  completedItems,
  failure,
  readRun,
  runCodex,
  sendPrompt,
  spawnCodex,
} from "./support.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Replies that fail the turn, and the messages that the CLI reports. */
const FAILURES: Record<string, { reply: ModelReply; says: RegExp }> = {
  "HTTP 400": {
    reply: modelHttpError(400, { error: { message: "No luck" } }),
    says: /^\{"error":\{"message":"No luck"\}\}$/,
  },
  "HTTP 401": {
    reply: modelHttpError(401, { error: { message: "No luck" } }),
    says: /401 Unauthorized: No luck/,
  },
  "HTTP 429 at a usage limit": {
    reply: modelHttpError(429, { error: { type: "usage_limit_reached" } }),
    says: /^You’ve hit your usage limit/,
  },
  "HTTP 500": { reply: modelHttpError(500), says: /high demand/ },
  "a failed response": {
    reply: modelFailure("server_error", "Bad day"),
    says: /stream disconnected before completion: Bad day/,
  },
  "a dropped stream": {
    reply: modelDrop(),
    says: /stream disconnected before completion/,
  },
};

for (const [name, { reply, says }] of Object.entries(FAILURES)) {
  Deno.test(`ScriptedModel fails a turn at once with ${name}`, async () => {
    await using model = await ScriptedModel.start([reply]);
    const run = await runCodex(model, "Try");
    assertMatch(failure(run), says);
    assertEquals(run.code, 1);
    assertEquals(run.events.at(-1)?.type, "turn.failed");
    assertEquals(model.requests.length, 1);
  });
}

Deno.test("ScriptedModel sends the items before a drop or a failure", async () => {
  for (
    const reply of [
      modelDrop(modelMessage("partial")),
      modelFailure("server_error", "Bad day", modelMessage("partial")),
    ]
  ) {
    await using model = await ScriptedModel.start([reply]);
    const run = await runCodex(model, "Try");
    assertEquals(completedItems(run)[0]?.text, "partial");
    assertEquals(run.events.at(-1)?.type, "turn.failed");
  }
});

Deno.test("ScriptedModel lets the CLI retry as often as the options allow", async () => {
  await using model = await ScriptedModel.start(
    [modelHttpError(500), modelDrop(), modelAnswer(modelMessage("third time"))],
    { requestMaxRetries: 1, streamMaxRetries: 1 },
  );
  const run = await runCodex(model, "Try");
  assertEquals(run.code, 0, failure(run));
  assertEquals(completedItems(run)[0]?.text, "third time");
  assertEquals(model.requests.map((request) => request.status), [
    500,
    200,
    200,
  ]);
  assertEquals(model.requests.map((request) => request.outcome), [
    "answered",
    "cut",
    "answered",
  ]);
});

Deno.test("ScriptedModel fails a request if its script has no answer left", async () => {
  await using model = await ScriptedModel.start([
    modelAnswer(modelCommand("true")),
  ]);
  const run = await runCodex(model, "Try");
  assertEquals(run.code, 1);
  assertStringIncludes(
    failure(run),
    "The script has no answer for request 2: it ends after 1",
  );
});

Deno.test("ScriptedModel answers HTTP 500 when a function of its script throws", async () => {
  const error = new Error("no such branch");
  await using model = await ScriptedModel.start([() => {
    throw error;
  }]);
  const run = await runCodex(model, "Try");
  assertEquals(run.code, 1);
  assertEquals(model.requests[0]?.status, 500);
  assertEquals(model.requests[0]?.failure, error);
});

Deno.test("ScriptedModel waits before a delayed answer", async () => {
  await using model = await ScriptedModel.start([
    modelDelay(400, modelAnswer(modelMessage("late"))),
  ]);
  const started = performance.now();
  const run = await runCodex(model, "Wait");
  assert(performance.now() - started >= 400);
  assertEquals(completedItems(run)[0]?.text, "late");
});

Deno.test("ScriptedModel hangs until the client is killed, and notices its exit", async () => {
  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    await using home = await tempFolder();
    await using model = await ScriptedModel.start([
      modelHang(modelMessage("so far")),
    ]);
    const child = await spawnCodex(model, home.path);
    await sendPrompt(child, "Hang");
    const run = await readRun(child, (stdout) => {
      if (!stdout.includes("so far")) return;
      assertEquals(model.requests[0]?.outcome, "pending");
      child.kill(signal);
    });
    assertEquals((await model.settled(1)).outcome, "client-gone");
    assertEquals(completedItems(run)[0]?.text, "so far");
    assert(run.code !== 0);
  }
});

Deno.test("ScriptedModel.close ends a hanging turn", async () => {
  await using home = await tempFolder();
  const model = await ScriptedModel.start([modelHang()]);
  const child = await spawnCodex(model, home.path);
  await sendPrompt(child, "Hang");
  await model.requested(1);
  await model.close();
  const run = await readRun(child);
  assertEquals(run.code, 1);
  assertEquals(model.requests[0]?.outcome, "cut");
});

Deno.test("ScriptedModel makes the CLI give up on a silent stream after streamIdleTimeoutMs", async () => {
  await using model = await ScriptedModel.start([modelHang()], {
    streamIdleTimeoutMs: 200,
  });
  const run = await runCodex(model, "Hang");
  assertStringIncludes(failure(run), "idle timeout");
});
