/** The bot's tests under `bun test`. @module */
import { expect, jest, test } from "bun:test";
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
  jest.advanceTimersByTime(ms);
  await settle();
}

async function settle(): Promise<void> {
  for (let round = 0; round < 200; round += 1) await Promise.resolve();
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
  expect(await reviewLastCommit(codex)).toEqual(found);
  const [request] = codex.requests;
  expect(request?.threadOptions.sandboxMode).toEqual("read-only");
  expect(request?.prompt).toMatch(/last commit/);
});

test("tries again after a failure that may pass", async () => {
  jest.useFakeTimers();
  try {
    const codex = fakeCodex([
      failure("rate_limit"),
      failure("overloaded"),
      structuredAnswer(APPROVED),
    ]);
    const reviewing = reviewLastCommit(codex);
    await pass(30_000);
    expect(codex.requests.length).toEqual(2);
    await pass(30_000);
    expect(await reviewing).toEqual(APPROVED);
  } finally {
    jest.useRealTimers();
  }
});

test("gives up where nothing would change", async () => {
  const codex = fakeCodex([failure("unauthorized")]);
  await expect(reviewLastCommit(codex)).rejects.toMatchObject({
    reason: "unauthorized",
  });
  expect(codex.requests.length).toEqual(1);
});

test("gives up after a quarter of an hour", async () => {
  jest.useFakeTimers();
  try {
    const reviewing = reviewLastCommit(fakeCodex([hang()]));
    const outcome = reviewing.catch((error) => error);
    await pass(15 * 60_000);
    expect((await outcome).code).toEqual("turn_timeout");
  } finally {
    jest.useRealTimers();
  }
});
