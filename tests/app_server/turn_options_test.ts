/**
 * Tests options of a single turn on the real server, which applies a turn's settings to
 * later turns too: after its end, on a new server, and in an ephemeral thread.
 *
 * @module
 */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { CodexInputError } from "../../mod.ts";
import { modelAnswer, modelMessage, type ModelRequest } from "../../testing.ts";
import { type RealServer, realServer } from "../support/real_server.ts";
import { wait } from "../../src/testing/waiting.ts";

const ok = () => modelAnswer(modelMessage("ok"));

/** Returns the model and the effort of a request. */
function readModel(request: ModelRequest | undefined): unknown {
  const { reasoning } = request?.body as {
    readonly reasoning?: { readonly effort?: string };
  };
  return [request?.model, reasoning?.effort];
}

/** Returns the model and the effort of the last request. */
function lastModel({ model }: RealServer): unknown {
  return readModel(model.requests.at(-1));
}

const OTHER = { model: "other", modelReasoningEffort: "high" } as const;

// Facts A31.
for (
  const [what, options, ms] of [
    ["the thread was unloaded", { threadKeepAliveMs: 1000 }, 4000],
    ["the server has ended", { keepAliveMs: 300 }, 2500],
  ] as const
) {
  Deno.test(`A model of one turn does not apply to the next turns, after ${what}`, async () => {
    await using real = await realServer(ok, options);
    const thread = real.codex.startThread(real.inRepo);
    await thread.run("Hi");
    const own = lastModel(real);
    await thread.run("Hi", OTHER);
    assertEquals(lastModel(real), ["other", "high"]);
    await wait(ms);
    await thread.run("Hi");
    assertEquals(lastModel(real), own);
    await thread.run("Hi");
    assertEquals(lastModel(real), own);
  });
}

// Facts A31.
Deno.test("After a turn with another effort, the next request has the same beginning as before", async () => {
  const instructions = { developer_instructions: "Say cheese" };
  const readInput = (request: ModelRequest | undefined): string[] => {
    const { input } = request?.body as { readonly input: readonly object[] };
    return input.map((each) =>
      JSON.stringify(each).replace(/"id":"[^"]*",?/g, "")
    );
  };
  await using real = await realServer(ok, { config: instructions });
  const thread = real.codex.startThread(real.inRepo);
  await thread.run("Hi");
  await thread.run("Hi", { modelReasoningEffort: "high" });
  await thread.run("Hi");
  const [first, , third] = real.model.requests.filter(({ number }) =>
    number > 0
  );
  assertEquals(readModel(third), readModel(first));
  const before = readInput(first);
  assertEquals(readInput(third).slice(0, before.length), before);
  // Adds an answer and a prompt for each turn, and no message about a mode.
  assertEquals(readInput(third).length, before.length + 4);
  assertEquals(third?.text.match(/Say cheese/g)?.length, 1);
});

Deno.test("An approval policy of one turn applies to that turn only", async () => {
  await using real = await realServer(ok);
  const thread = real.codex.startThread({
    ...real.inRepo,
    sandboxMode: "read-only",
  });
  const policies = (): string[] =>
    [...(real.model.requests.at(-1)?.text ?? "").matchAll(
      /pproval policy is currently never|`require_escalated`/g,
    )].map(([text]) => text.includes("never") ? "never" : "asks");
  await thread.run("Hi");
  assertEquals(policies().at(-1), "never");
  await thread.run("Hi", { approvalPolicy: "on-request" });
  assertEquals(policies().at(-1), "asks");
  await thread.run("Hi");
  assertEquals(policies().at(-1), "never");
});

Deno.test("An ephemeral thread runs further turns, with their own options, and ends with the server", async () => {
  await using real = await realServer(ok, { keepAliveMs: 2000 });
  const thread = real.codex.startThread({ ...real.inRepo, ephemeral: true });
  await thread.run("Hi");
  const own = lastModel(real);
  const repaired = await thread.run("Hi", {
    ...OTHER,
    outputSchema: { type: "object" },
    repair: 1,
  });
  assertEquals(repaired.attempts.length, 2);
  assertEquals(lastModel(real), ["other", "high"]);
  await thread.run("Hi");
  assertEquals(lastModel(real), own);
  const search = await assertRejects(
    () => thread.run("Hi", { webSearchMode: "live" }),
    CodexInputError,
  );
  assertEquals(search.path, "webSearchMode");
  await thread.run("Hi");
  await wait(4500);
  const sent = real.model.requests.length;
  const gone = await assertRejects(() => thread.run("Hi"), CodexInputError);
  assertEquals(gone.path, "ephemeral");
  assertStringIncludes(gone.message, thread.id ?? "no id");
  assertEquals(real.model.requests.length, sent);
  // A stored thread cannot be resumed as ephemeral either.
  const written = real.codex.startThread(real.inRepo);
  await written.run("Hi");
  const other = real.client();
  const resumed = other.resumeThread(written.id ?? "", {
    ...real.inRepo,
    ephemeral: true,
  });
  assertEquals(
    (await assertRejects(() => resumed.run("Hi"), CodexInputError)).path,
    "ephemeral",
  );
});
