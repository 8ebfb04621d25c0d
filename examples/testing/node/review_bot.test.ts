/** The bot's tests under `node --test`. @module */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import {
  commandExecution,
  failure,
  fakeCodex,
  hang,
  structuredAnswer,
} from "@acodex/sdk/testing";
import { reviewLastCommit } from "../review_bot.ts";

/** Advances the time, and runs all pending work before and after. */
async function pass(ms: number): Promise<void> {
  await settle();
  mock.timers.tick(ms);
  await settle();
}

async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const APPROVED = { verdict: "approve", comments: [] };

test("gives what the agent found", async () => {
  const found = {
    verdict: "reject",
    comments: [{ file: "a.ts", line: 3, text: "It never ends" }],
  };
  const codex = fakeCodex([[
    commandExecution({ command: "git show", aggregated_output: "+ for (;;)" }),
    structuredAnswer(found),
  ]]);
  assert.deepEqual(await reviewLastCommit(codex), found);
  const [request] = codex.requests;
  assert.deepEqual(request?.threadOptions.sandboxMode, "read-only");
  assert.match(request?.prompt ?? "", /last commit/);
});

test("tries again after a failure that may pass", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const codex = fakeCodex([
      failure("rate_limit"),
      failure("overloaded"),
      structuredAnswer(APPROVED),
    ]);
    const reviewing = reviewLastCommit(codex);
    await pass(30_000);
    assert.deepEqual(codex.requests.length, 2);
    await pass(30_000);
    assert.deepEqual(await reviewing, APPROVED);
  } finally {
    mock.timers.reset();
  }
});

test("gives up where nothing would change", async () => {
  const codex = fakeCodex([failure("unauthorized")]);
  await assert.rejects(reviewLastCommit(codex), { reason: "unauthorized" });
  assert.deepEqual(codex.requests.length, 1);
});

test("gives up after a quarter of an hour", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const reviewing = reviewLastCommit(fakeCodex([hang()]));
    const outcome = reviewing.catch((error) => error);
    await pass(15 * 60_000);
    assert.deepEqual((await outcome).code, "turn_timeout");
  } finally {
    mock.timers.reset();
  }
});
