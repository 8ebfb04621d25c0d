/**
 * Tests turns of the real CLI whose agent runs commands, streams, and several turns at once.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  CodexThreadStreamNotConsumedError,
  type ThreadEvent,
  type ThreadItem,
} from "@acodex/sdk";
import {
  modelAnswer,
  modelCommand,
  modelDelay,
  modelMessage,
} from "@acodex/sdk/testing";
import { behaviour } from "../support/behaviour.ts";
import { collect } from "../support/expect.ts";
import { realCli } from "../support/real_cli.ts";

/** Returns the commands among items, with the fields that are compared. */
function commandsIn(items: readonly ThreadItem[]): unknown[] {
  return items.flatMap((item) =>
    item.type === "command_execution"
      ? [[item.status, item.exit_code, item.aggregated_output]]
      : []
  );
}

behaviour("A command is executed", async (context) => {
  const { codex, model, repo, inRepo } = await realCli(context, [
    // On a busy machine the CLI may report a very short command without its output.
    modelAnswer(
      modelCommand("printf 'for %s' all > note.txt; cat note.txt; sleep 0.5"),
    ),
    modelAnswer(modelMessage("Done")),
  ]);
  const streamed = await codex.startThread(inRepo).runStreamed("Run");
  const events: ThreadEvent[] = await collect(streamed);
  const begun = events.flatMap((event) =>
    event.type === "item.started" ? [event.item] : []
  );
  assert.deepEqual(commandsIn(begun), [["in_progress", null, ""]]);
  const { items, finalResponse } = streamed.result;
  assert.deepEqual(commandsIn(items), [["completed", 0, "for all"]]);
  assert.equal(finalResponse, "Done");
  assert.match(model.requests[1]?.toolOutputs[0]?.text ?? "", /for all/);
  assert.equal(readFileSync(`${repo}/note.txt`, "utf8"), "for all");
});

behaviour("A command that fails does not fail the turn", async (context) => {
  const { codex, inRepo } = await realCli(context, [
    modelAnswer(modelCommand("echo broken; exit 7")),
    modelAnswer(modelMessage("It failed")),
  ]);
  const turn = await codex.startThread(inRepo).run("Run");
  assert.deepEqual(commandsIn(turn.items), [["failed", 7, "broken\n"]]);
  assert.equal(turn.finalResponse, "It failed");
});

behaviour("Events come as a readable stream too", async (context) => {
  const { codex, inRepo } = await realCli(context, [
    modelAnswer(modelMessage("Hello")),
  ]);
  const streamed = await codex.startThread(inRepo).runStreamed("Hi");
  const types: string[] = [];
  await streamed.readable
    .pipeThrough(
      new TransformStream<ThreadEvent, string>({
        transform: (event, controller) => controller.enqueue(event.type),
      }),
    )
    .pipeTo(new WritableStream({ write: (type) => void types.push(type) }));
  assert.deepEqual(types, [
    "thread.started",
    "turn.started",
    "item.completed",
    "turn.completed",
  ]);
  assert.equal(streamed.result.finalResponse, "Hello");
  // A web stream is asynchronous; the blocking client has no such stream.
}, { clients: ["async"] });

behaviour(
  "The result is available at the end of a turn, and throws before",
  async (context) => {
    const { codex, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("Hello")),
    ]);
    const streamed = await codex.startThread(inRepo).runStreamed("Hi");
    const unfinished = (): void => {
      assert.throws(() => streamed.result, CodexThreadStreamNotConsumedError);
    };
    unfinished();
    for await (const _ of streamed.events) unfinished();
    const { result } = streamed;
    assert.equal(result.finalResponse, "Hello");
    assert.equal(streamed.result, result);
  },
);

behaviour(
  "Two turns that are started at once on a thread run in order",
  async (context) => {
    const { codex, model, inRepo } = await realCli(
      context,
      (request) =>
        modelDelay(
          100,
          modelAnswer(modelMessage(`Answer to ${request.prompt}`)),
        ),
    );
    const thread = codex.startThread(inRepo);
    const [first, second] = await Promise.all([
      thread.run("one"),
      thread.run("two"),
    ]);
    assert.equal(first.finalResponse, "Answer to one");
    assert.equal(second.finalResponse, "Answer to two");
    assert.equal(second.threadId, first.threadId);
    assert.deepEqual(model.requests.map(({ prompt }) => prompt), [
      "one",
      "two",
    ]);
    assert.ok(model.requests[1]?.text.includes("Answer to one"));
  },
  // A blocking thread rejects a second turn while the first one runs.
  { clients: ["async"] },
);

behaviour(
  "Eight threads that run at once get their own answers",
  async (context) => {
    const { codex, inRepo } = await realCli(
      context,
      (request) =>
        request.toolOutputs.length === 0
          ? modelAnswer(modelCommand(`echo ran ${request.prompt}`))
          : modelAnswer(
            modelMessage(`${request.prompt}: ${request.toolOutputs[0]?.text}`),
          ),
    );
    const prompts = Array.from({ length: 8 }, (_, index) => `${100 + index}`);
    const turns = await Promise.all(
      prompts.map((prompt) => codex.startThread(inRepo).run(prompt)),
    );
    for (const [index, { finalResponse, items }] of turns.entries()) {
      assert.ok(finalResponse.startsWith(`${prompts[index]}: `), finalResponse);
      assert.deepEqual(commandsIn(items), [
        ["completed", 0, `ran ${prompts[index]}\n`],
      ]);
    }
    assert.equal(new Set(turns.map(({ threadId }) => threadId)).size, 8);
  },
  { timeoutMs: 60_000 },
);
