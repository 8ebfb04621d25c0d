/**
 * Tests forks, resumed threads, reviews and usage, on the real CLI.
 *
 * @module
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Codex,
  CodexError,
  CodexInputError,
  CodexThreadNotFoundError,
  CodexThreadRunError,
} from "@acodex/sdk";
import {
  modelAnswer,
  modelDelay,
  modelHttpError,
  modelMessage,
  modelPatch,
  modelUsage,
} from "@acodex/sdk/testing";
import { behaviour } from "../support/behaviour.ts";
import type { Client } from "../support/client.ts";
import { rejection } from "../support/expect.ts";
import { realCli } from "../support/real_cli.ts";

/** Options of behaviours whose calls the adapter of the blocking client lacks. */
const FREE = { clients: ["async", "server"] as readonly Client[] };

const UNKNOWN = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";
const FIVE = modelUsage({ input_tokens: 5, output_tokens: 1 });

behaviour(
  "Three equal turns have equal shares of the thread's usage",
  async (context) => {
    const script = ["One", "Two", "Three"].map((text) =>
      modelAnswer(modelMessage(text), FIVE)
    );
    const { codex, inRepo } = await realCli(context, script);
    const thread = codex.startThread(inRepo);
    const shares: unknown[] = [];
    const totals: unknown[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const { turnUsage, usage } = await thread.run("Go");
      shares.push(turnUsage);
      totals.push(usage?.input_tokens);
    }
    assert.deepEqual(totals, [5, 10, 15]);
    assert.equal(Object(shares[0]).input_tokens, 5);
    assert.deepEqual(shares, Array(3).fill(shares[0]));
  },
);

behaviour(
  "A resumed thread knows its turn's share if it is passed usageBefore",
  async (context) => {
    const { codex, client, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("One"), FIVE),
      modelHttpError(400, { error: { message: "no", type: "invalid" } }),
      modelAnswer(modelMessage("Two"), FIVE),
    ]);
    const thread = codex.startThread(inRepo);
    assert.equal(thread.usage?.input_tokens, 0);
    await thread.run("Go");
    const before = thread.usage;
    assert.equal(before?.input_tokens, 5);
    await rejection(thread.run("Fail"), CodexThreadRunError);
    // The usage of a failed turn is not reported.
    assert.equal(thread.usage, null);
    const again = client().resumeThread(thread.id ?? "", {
      ...inRepo,
      usageBefore: before ?? undefined,
    });
    const turn = await again.run("Go on");
    assert.equal(turn.turnUsage?.input_tokens, 5);
    assert.equal(again.usage?.input_tokens, 10);
  },
  { clients: ["async"] },
);

behaviour(
  "A fork and its thread continue independently",
  async (context) => {
    const { codex, model, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("First answer"), FIVE),
      modelAnswer(modelMessage("Answer of the copy"), FIVE),
      modelAnswer(modelMessage("Second answer"), FIVE),
      modelAnswer(modelMessage("Second of the copy"), FIVE),
    ]);
    const thread = codex.startThread(inRepo);
    const copy = thread.fork();
    assert.equal(copy.id, null);
    await thread.run("First question");
    const turn = await copy.run("Question to the copy");
    assert.notEqual(copy.id, null);
    assert.notEqual(copy.id, thread.id);
    assert.ok(model.requests[1]?.text.includes("First answer"));
    assert.equal(turn.usage?.input_tokens, 10);
    assert.equal(turn.turnUsage?.input_tokens, 5);
    const second = await thread.run("Second question");
    assert.equal(second.turnUsage?.input_tokens, 5);
    assert.ok(!model.requests[2]?.text.includes("Answer of the copy"));
    const id = copy.id;
    await copy.run("Go on");
    assert.equal(copy.id, id);
    assert.ok(model.requests[3]?.text.includes("Answer of the copy"));
    assert.ok(!model.requests[3]?.text.includes("Second answer"));
  },
  FREE,
);

behaviour(
  "Forks run concurrently, also while their thread runs",
  async (context) => {
    const { codex, model, inRepo } = await realCli(
      context,
      ({ prompt }) =>
        modelDelay(
          prompt.includes("slow") ? 1500 : 0,
          modelAnswer(modelMessage(`Answer to ${prompt}`), FIVE),
        ),
    );
    const thread = codex.startThread(inRepo);
    await thread.run("First question");
    const slow = thread.run("A slow question");
    const done = await Promise.all(
      ["a", "b", "c"].map(async (name) => {
        const copy = thread.fork();
        return { copy, turn: await copy.run(`Question ${name}`) };
      }),
    );
    await slow;
    const ids = done.map(({ copy }) => copy.id);
    assert.equal(new Set([thread.id, ...ids]).size, 4);
    for (const { turn } of done) {
      assert.equal(turn.usage?.input_tokens, 10);
      const asked = model.requests.find(({ prompt }) =>
        turn.finalResponse.endsWith(prompt)
      );
      assert.ok(asked?.text.includes("Answer to First question"));
    }
  },
  FREE,
);

behaviour(
  "A fork has its thread's options, with those passed on top",
  async (context) => {
    const { codex, model, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("One")),
      modelAnswer(modelMessage("Two")),
    ]);
    const thread = codex.startThread({
      ...inRepo,
      model: "gpt-5.5",
      modelReasoningEffort: "low",
    });
    await thread.run("Go");
    await thread.fork({ modelReasoningEffort: "high" }).run("Go");
    const asked = model.requests.map(({ body }) => Object(body));
    assert.deepEqual(asked.map(({ model }) => model), ["gpt-5.5", "gpt-5.5"]);
    assert.deepEqual(asked.map(({ reasoning }) => reasoning.effort), [
      "low",
      "high",
    ]);
  },
  FREE,
);

behaviour(
  "A thread is forked by its id; an unknown one and one that has not begun are rejected",
  async (context) => {
    const { codex, model, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("One")),
      modelAnswer(modelMessage("Two")),
    ]);
    const { threadId } = await codex.startThread(inRepo).run("First question");
    const copy = codex.forkThread(threadId ?? "", inRepo);
    const { turnUsage } = await copy.run("Go on");
    assert.ok(model.requests[1]?.text.includes("First question"));
    if (turnUsage !== null) assert.equal(turnUsage.input_tokens, 10);

    const nobody = codex.forkThread(UNKNOWN, inRepo);
    const error = await rejection(nobody.run("Go"), CodexThreadNotFoundError);
    assert.equal(error.requestedThreadId, UNKNOWN);
    assert.match(error.message, /^Cannot fork thread/);
    assert.equal(nobody.id, null);

    const early = codex.startThread(inRepo).fork();
    const refused = await rejection(early.run("Go"), CodexInputError);
    assert.match(refused.message, /has not begun/);
    assert.throws(() => codex.forkThread("--last"), CodexInputError);
    assert.equal(model.requests.length, 2);
  },
  FREE,
);

behaviour(
  "resumeLast continues the last thread of a folder, and fails if there is none",
  async (context) => {
    const { codex, client, model, inRepo } = await realCli(
      context,
      () => modelAnswer(modelMessage("Done")),
    );
    const none = codex.resumeLast(inRepo);
    const error = await rejection(none.run("Go"), CodexThreadNotFoundError);
    assert.match(error.message, /^Cannot resume the last thread/);
    assert.equal(none.id, null);

    const first = codex.startThread(inRepo);
    await first.run("Question to the first");
    await codex.startThread(inRepo).run("Question to the second");
    await first.run("Second question to the first");
    await release(codex);
    const last = client().resumeLast(inRepo);
    assert.equal(last.id, null);
    await last.run("Go on");
    assert.equal(last.id, first.id);
    assert.ok(model.requests.at(-1)?.text.includes("Question to the first"));
  },
  FREE,
);

behaviour(
  "A review is a turn that answers with the findings, and the thread continues",
  async (context) => {
    const { codex, model, inRepo } = await realCli(
      context,
      ({ prompt }) =>
        modelAnswer(
          modelMessage(prompt === "Mend it" ? "Mended" : "Wrong"),
          FIVE,
        ),
    );
    execFileSync("git", ["init", "--quiet", inRepo.workingDirectory]);
    for (
      const [target, words] of [
        [{ uncommitted: true }, "staged, unstaged, and untracked"],
        [{ base: "main" }, "against the base branch 'main'"],
        [{ commit: "0123abc" }, "introduced by commit 0123abc"],
        [{ instructions: "Look at the names" }, "Look at the names"],
      ] as const
    ) {
      const thread = codex.startThread(inRepo);
      const turn = await thread.review(target);
      assert.ok(model.requests.at(-1)?.prompt.includes(words));
      assert.equal(turn.finalResponse, "Wrong");
      assert.deepEqual([turn.usage, turn.turnUsage, thread.usage], [
        null,
        null,
        null,
      ]);
      if (!("instructions" in target)) continue;
      const next = await thread.run("Mend it");
      assert.equal(next.threadId, turn.threadId);
      assert.ok(model.requests.at(-1)?.text.includes("Wrong"));
    }
  },
  FREE,
);

behaviour(
  "A review with an invalid target or option is rejected before the CLI is started",
  async (context) => {
    const { codex, model, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("One")),
    ]);
    const thread = codex.startThread(inRepo);
    for (
      const [target, path] of [
        [{}, "target"],
        [{ uncommitted: true, base: "main" }, "target"],
        [{ uncommitted: false }, "target.uncommitted"],
        [{ base: "-x" }, "target.base"],
        [{ base: " " }, "target.base"],
        [{ commit: "a\0b" }, "target.commit"],
        [{ instructions: "a\ud800" }, "target.instructions"],
        [null, "target"],
      ] as const
    ) {
      const error = await rejection(
        thread.review(target as never),
        CodexInputError,
      );
      assert.equal(error.path, path);
    }
    await rejection(
      thread.review({ base: "main" }, { outputSchema: {} } as object),
      CodexInputError,
    );
    assert.equal(model.requests.length, 0);
  },
  FREE,
);

behaviour(
  "A review of a thread that has begun is rejected, and the error says what to do",
  async (context) => {
    const { codex, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("One")),
    ]);
    const thread = codex.startThread(inRepo);
    await thread.run("Go");
    const error = await rejection(
      thread.review({ uncommitted: true }),
      CodexInputError,
    );
    assert.match(error.message, /startThread\(\)\.review\(\)/);
  },
  { clients: ["async"] },
);

behaviour(
  "A turn lists the files that its patches have changed, and how long it took",
  async (context) => {
    const { codex, inRepo } = await realCli(context, [
      modelAnswer(
        modelPatch(
          "*** Begin Patch\n*** Add File: new.txt\n+hi\n*** End Patch",
        ),
      ),
      modelAnswer(
        modelPatch(
          "*** Begin Patch\n*** Update File: new.txt\n@@\n-hi\n+ho\n*** End Patch",
        ),
      ),
      modelAnswer(modelMessage("Done")),
    ]);
    const begun = performance.now();
    const turn = await codex.startThread(inRepo).run("Go");
    assert.deepEqual(turn.changedFiles, [
      { path: `${inRepo.workingDirectory}/new.txt`, kind: "add" },
    ]);
    assert.ok(turn.durationMs > 0);
    assert.ok(turn.durationMs <= performance.now() - begun + 1);
  },
  FREE,
);

behaviour(
  "A turn whose thread the CLI could not save has a warning",
  async (context) => {
    const { codex, home, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("Done")),
    ]);
    writeFileSync(join(home, "sessions"), "no folder");
    const turn = await codex.startThread(inRepo).run("Go");
    assert.equal(turn.finalResponse, "Done");
    assert.match(turn.warnings.join(), /Failed to save the conversation/);
  },
  FREE,
);

behaviour(
  "An ephemeral thread cannot resume the last one, but can fork one",
  async (context) => {
    const { codex, model, inRepo } = await realCli(
      context,
      () => modelAnswer(modelMessage("Done")),
    );
    const thread = codex.startThread(inRepo);
    await thread.run("Go");
    const last = codex.resumeLast({ ...inRepo, ephemeral: true });
    const error = await rejection(last.run("Go on"), CodexInputError);
    assert.equal(error.path, "ephemeral");
    assert.equal(model.requests.length, 1);
    const copy = thread.fork({ ephemeral: true });
    await copy.run("Go on");
    assert.notEqual(copy.id, thread.id);
    await rejection(codex.forkThread(copy.id ?? "").run("Go"), CodexError);
  },
  FREE,
);

/** Closes a client over a server, which releases the threads that it has loaded. */
async function release(codex: Codex): Promise<void> {
  const { close } = codex as { close?: () => Promise<void> };
  await close?.call(codex);
}
