/**
 * Tests turns of the real CLI that fail, or nearly do.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  CodexIdleTimeoutError,
  CodexInputError,
  CodexThreadNotFoundError,
  CodexThreadRunError,
  CodexTimeoutError,
} from "@acodex/sdk";
import {
  modelAnswer,
  modelCommand,
  modelDrop,
  modelFailure,
  modelHang,
  modelHttpError,
  modelMessage,
} from "@acodex/sdk/testing";
import { behaviour } from "../support/behaviour.ts";
import { FAILED_EXIT, rejection } from "../support/expect.ts";
import { THREAD_ID } from "../../../src/testing/fake.ts";
import { realCli } from "../support/real_cli.ts";

behaviour(
  "A failed turn's error has the CLI's message and the items so far",
  async (context) => {
    const { codex, inRepo } = await realCli(context, [
      modelAnswer(modelCommand("echo hi")),
      modelFailure("server_error", "Bad day"),
      modelAnswer(modelMessage("Well")),
    ]);
    const thread = codex.startThread(inRepo);
    const streamed = await thread.runStreamed("Try");
    const types: string[] = [];
    const error = await rejection(
      (async () => {
        for await (const event of streamed.events) types.push(event.type);
      })(),
      CodexThreadRunError,
    );
    // Every event is delivered before the error.
    assert.deepEqual(types, [
      "thread.started",
      "turn.started",
      "item.started",
      "item.completed",
      "error",
      "turn.failed",
    ]);
    assert.match(error.message, /Bad day/);
    assert.deepEqual([error.code, error.exitCode], [
      "turn_failed",
      FAILED_EXIT,
    ]);
    assert.deepEqual(error.items.map((item) => item.type), [
      "command_execution",
    ]);
    assert.equal(error.threadId, thread.id);
    for (let time = 0; time < 2; time += 1) {
      assert.throws(() => streamed.result, (again) => again === error);
    }
    const turn = await thread.run("Again");
    assert.equal(turn.finalResponse, "Well");
    assert.equal(turn.threadId, error.threadId);
  },
);

// Facts F14.
behaviour(
  "The message in the service's answer is the error's message, and its JSON is kept",
  async (context) => {
    const { codex, inRepo } = await realCli(context, [
      modelHttpError(400, { error: { message: "No luck" } }),
      modelHttpError(403, { detail: "No luck" }),
    ]);
    const thread = codex.startThread(inRepo);
    const first = await rejection(thread.run("Try"), CodexThreadRunError);
    assert.deepEqual([first.message, first.httpBody], [
      "No luck",
      '{"error":{"message":"No luck"}}',
    ]);
    const second = await rejection(thread.run("Try"), CodexThreadRunError);
    assert.match(
      second.message,
      /^unexpected status 403 Forbidden: No luck, url/,
    );
    assert.equal(second.httpBody, '{"detail":"No luck"}');
  },
);

// Facts F46.
behaviour(
  "A failure has a reason, and says whether it can be retried",
  async (context) => {
    const { codex, inRepo } = await realCli(context, [
      modelHttpError(503, { error: { code: "server_is_overloaded" } }),
      modelHttpError(429, { error: { type: "usage_limit_reached" } }),
      modelHttpError(403, { error: { code: "insufficient_quota" } }),
      modelHttpError(400, { error: { message: "No luck", code: "odd" } }),
      modelDrop(),
    ]);
    const thread = codex.startThread(inRepo);
    const seen: unknown[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const error = await rejection(thread.run("Try"), CodexThreadRunError);
      const { reason, retryable, httpStatus, serviceCode, httpBody } = error;
      seen.push([reason, retryable, httpStatus, serviceCode, httpBody]);
    }
    assert.deepEqual(seen, [
      ["overloaded", true, null, null, null],
      ["usage_limit", false, null, null, null],
      [
        ...["usage_limit", false, 403, "insufficient_quota"],
        '{"error":{"code":"insufficient_quota"}}',
      ],
      [
        ...["bad_request", false, 400, "odd"],
        '{"error":{"message":"No luck","code":"odd"}}',
      ],
      ["disconnected", true, null, null, null],
    ]);
  },
);

behaviour(
  "A turn that times out says what it was waiting for",
  async (context) => {
    // The CLI waits before its next try for as long as the service asks.
    const { codex, inRepo } = await realCli(
      context,
      () =>
        modelFailure(
          "rate_limit_exceeded",
          "Slow down. Please try again in 600s.",
        ),
      { streamMaxRetries: 2 },
    );
    // On a busy machine the CLI may not have sent its request by then.
    for (const idleTimeoutMs of [3_000, 15_000, 60_000]) {
      const error = await rejection(
        codex.startThread(inRepo).run("Try", { idleTimeoutMs }),
        CodexIdleTimeoutError,
      );
      if (error.warnings.length === 0 && idleTimeoutMs < 60_000) continue;
      assert.match(error.message, /last error was: Reconnecting\.\.\. 1\/2/);
      assert.deepEqual([error.reason, error.retryable], ["rate_limit", true]);
      return;
    }
  },
);

behaviour("HTTP 401 fails the turn", async (context) => {
  const { codex, inRepo } = await realCli(context, [
    modelAnswer(modelCommand("echo hi")),
    modelHttpError(401, { error: { message: "No luck" } }),
  ]);
  const thread = codex.startThread(inRepo);
  const error = await rejection(thread.run("Try"), CodexThreadRunError);
  assert.match(error.message, /401 Unauthorized: No luck/);
  assert.deepEqual([error.code, error.exitCode, error.signal], [
    "turn_failed",
    FAILED_EXIT,
    null,
  ]);
  assert.notEqual(thread.id, null);
  assert.equal(error.threadId, thread.id);
  assert.deepEqual(error.items.map((item) => item.type), ["command_execution"]);
  // The same message came before as an `error` event (facts F2).
  assert.equal(
    `${error.warnings.at(-1)}; run codex login, or give apiKey`,
    error.message,
  );
  assert.deepEqual([error.reason, error.httpStatus], ["unauthorized", 401]);
});

// Facts F3.
behaviour(
  "A turn that reconnects and succeeds is a success",
  async (context) => {
    const { codex, inRepo } = await realCli(context, [
      modelDrop(),
      modelDrop(),
      modelAnswer(modelMessage("Third time")),
    ], { streamMaxRetries: 2 });
    const streamed = await codex.startThread(inRepo).runStreamed("Try");
    const notices: string[] = [];
    for await (const event of streamed.events) {
      if (event.type === "error") notices.push(event.message);
    }
    assert.equal(notices.length, 2);
    assert.match(notices[0] ?? "", /Reconnecting\.\.\. 1\/2/);
    assert.equal(streamed.result.finalResponse, "Third time");
    assert.deepEqual(streamed.result.warnings, notices);
  },
);

behaviour(
  "A folder outside any Git repository is rejected, and named",
  async (context) => {
    const { codex, model, inRepo } = await realCli(context, []);
    const thread = codex.startThread({ ...inRepo, skipGitRepoCheck: false });
    const error = await rejection(thread.run("Hi"), CodexInputError);
    assert.ok(error.message.includes(String(inRepo.workingDirectory)));
    assert.equal(error.path, "skipGitRepoCheck");
    assert.equal(thread.id, null);
    assert.equal(model.requests.length, 0);
  },
);

behaviour(
  "A thread that the CLI does not know is a CodexThreadNotFoundError",
  async (context) => {
    const { codex, model, inRepo } = await realCli(context, []);
    const thread = codex.resumeThread(THREAD_ID, inRepo);
    const streamed = await thread.runStreamed("Hi");
    const error = await rejection(
      (async () => {
        for await (const { type } of streamed.events) {
          assert.fail(`There is an event: ${type}`);
        }
      })(),
      CodexThreadNotFoundError,
    );
    assert.deepEqual([error.code, error.exitCode], [
      "thread_not_found",
      FAILED_EXIT,
    ]);
    assert.equal(error.requestedThreadId, THREAD_ID);
    assert.equal(error.openedThreadId, null);
    assert.equal(thread.id, THREAD_ID);
    assert.deepEqual(model.requests, []);
    for (const id of ["", "--last", "a name"]) {
      assert.throws(() => codex.resumeThread(id, inRepo), CodexInputError);
    }
  },
);

behaviour("A turn that takes too long is ended", async (context) => {
  const { codex, model, inRepo } = await realCli(context, [modelHang()]);
  const error = await rejection(
    codex.startThread(inRepo).run("Hang", { timeoutMs: 1_500 }),
    CodexTimeoutError,
  );
  assert.equal(error.code, "turn_timeout");
  // On a busy machine the CLI may not have sent its request by then.
  if (model.requests.length > 0) {
    assert.equal((await model.settled(1)).outcome, "client-gone");
  }
});
