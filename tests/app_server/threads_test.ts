import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
} from "@std/assert";
import {
  CodexCancelledError,
  CodexInputError,
  CodexThreadBusyError,
  CodexThreadNotFoundError,
} from "../../mod.ts";
import { CodexRequestError, type ThreadInfo } from "../../app_server.ts";
import {
  modelAnswer,
  modelCommand,
  modelMessage,
  modelReasoning,
} from "../../testing.ts";
import { realServer } from "../support/real_server.ts";
import { SLEEP } from "../../src/testing/waiting.ts";
import { Codex } from "../../mod.ts";

const UNKNOWN = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";

Deno.test("Threads are listed, read, renamed, archived and deleted, including those of codex exec", async () => {
  await using real = await realServer(({ prompt }) =>
    modelAnswer(modelMessage(`Answer to ${prompt}`))
  );
  const exec = new Codex({
    config: real.model.config,
    env: { ...real.model.env(real.home), PATH: Deno.env.get("PATH") },
  });
  const { threads } = real.codex;
  assertEquals(await Array.fromAsync(threads.list()), []);
  const began = Date.now();
  const ofExec = await exec.startThread(real.inRepo).run("From exec");
  const thread = real.codex.startThread({
    ...real.inRepo,
    threadSource: "tests",
  });
  await thread.run("From the server");
  const id = thread.id ?? "";

  const listed = await Array.fromAsync(threads.list({ cwd: real.repo }));
  assertEquals(listed.map((each) => each.id), [id, ofExec.threadId]);
  assertEquals(listed.map(({ preview }) => preview), [
    "From the server",
    "From exec",
  ]);
  assertEquals(listed[1]?.source, "exec");
  assertEquals(await Array.fromAsync(threads.list({ cwd: "/nowhere" })), []);
  const one = await Array.fromAsync(threads.list({ limit: 1 }));
  assertEquals(one.map((each) => each.id), [id]);

  await threads.rename(id, "The best one");
  const info: ThreadInfo = await threads.read(id);
  assertEquals([info.name, info.cwd, info.archived], [
    "The best one",
    real.repo,
    false,
  ]);
  assertEquals([info.threadSource, info.forkedFromId, info.git], [
    "tests",
    null,
    null,
  ]);
  assertGreater(info.createdAt.getTime(), began - 2000);
  const found = await Array.fromAsync(threads.list({ search: "best" }));
  assertEquals(found.map(({ name }) => name), ["The best one"]);

  await threads.archive(id);
  assertEquals(
    (await Array.fromAsync(threads.list())).map((each) => each.id),
    [ofExec.threadId],
  );
  const away = await Array.fromAsync(threads.list({ archived: true }));
  assertEquals(away.map((each) => [each.id, each.archived]), [[id, true]]);
  assertEquals((await threads.read(id)).archived, true);
  await threads.unarchive(id);
  assertEquals((await thread.run("Go on")).finalResponse, "Answer to Go on");

  await threads.delete(id);
  await assertRejects(() => threads.read(id), CodexThreadNotFoundError);
});

Deno.test("Leaving the loop over threads ends the listing", async () => {
  await using real = await realServer(() => modelAnswer(modelMessage("Done")));
  for (let turn = 0; turn < 3; turn++) {
    await real.codex.startThread(real.inRepo).run(`Question ${turn}`);
  }
  const seen: string[] = [];
  for await (const { preview } of real.codex.threads.list()) {
    seen.push(preview);
    if (seen.length === 2) break;
  }
  assertEquals(seen, ["Question 2", "Question 1"]);
});

// The server sends 50 threads or turns at most per response.
Deno.test("More threads and turns than one response holds are listed once each", async () => {
  await using real = await realServer(({ prompt }) =>
    modelAnswer(modelMessage(`Answer to ${prompt}`))
  );
  const { threads } = real.codex;
  const thread = real.codex.startThread(real.inRepo);
  const prompts = Array.from({ length: 51 }, (_, index) => `Question ${index}`);
  await thread.run("Question 0");
  const ids = [thread.id];
  for (let copy = 0; copy < 51; copy++) {
    ids.push((await threads.fork(thread.id ?? "")).id);
  }
  const listed = await Array.fromAsync(threads.list(), ({ id }) => id);
  assertEquals(listed.toSorted(), ids.toSorted());
  const most = await Array.fromAsync(threads.list({ limit: 51 }));
  assertEquals(most.map(({ id }) => id), listed.slice(0, 51));

  for (const prompt of prompts.slice(1)) await thread.run(prompt);
  const turns = await Array.fromAsync(threads.turns(thread.id ?? ""));
  assertEquals(turns.map(({ prompt }) => prompt), prompts.toReversed());
});

Deno.test("The turns of a thread have the same items as their events", async () => {
  await using real = await realServer(({ prompt, toolOutputs }) =>
    prompt === "Look" && toolOutputs.length === 0
      ? modelAnswer(modelReasoning("I look"), modelCommand("echo hi"))
      : modelAnswer(modelMessage("Seen"))
  );
  const thread = real.codex.startThread(real.inRepo);
  const first = await thread.run("Look");
  const second = await thread.run("And now?");
  const turns = await Array.fromAsync(
    real.codex.threads.turns(thread.id ?? ""),
  );
  assertEquals(turns.map(({ prompt, status }) => [prompt, status]), [
    ["And now?", "completed"],
    ["Look", "completed"],
  ]);
  assertEquals(turns[0]?.items, second.items);
  assertEquals(turns[1]?.items, first.items);
  assert((turns[1]?.durationMs ?? 0) > 0);
  assertEquals(turns[1]?.error, null);
});

Deno.test("threads.fork() copies a thread up to a turn, with the options passed", async () => {
  await using real = await realServer(({ prompt }) =>
    modelAnswer(modelMessage(`Answer to ${prompt}`))
  );
  const { threads } = real.codex;
  const thread = real.codex.startThread({ ...real.inRepo, model: "gpt-5.5" });
  await thread.run("One");
  await thread.run("Two");
  const id = thread.id ?? "";
  const [, first] = await Array.fromAsync(threads.turns(id));
  const copy = await threads.fork(id, {
    ...real.inRepo,
    model: "gpt-5.5",
    lastTurnId: first?.id,
  });
  assert(copy.id !== null && copy.id !== id);
  assertEquals((await threads.read(copy.id)).forkedFromId, id);
  const turn = await copy.run("Three");
  const asked = real.model.requests.at(-1);
  assert(asked?.text.includes("Answer to One"));
  assertEquals(asked?.text.includes("Answer to Two"), false);
  assertEquals(turn.turnUsage?.input_tokens, 10);
  await assertRejects(
    () => threads.fork(UNKNOWN, real.inRepo),
    CodexThreadNotFoundError,
  );
  await assertRejects(
    () => threads.fork(id, { ...real.inRepo, lastTurnId: UNKNOWN }),
    CodexRequestError,
  );
  await assertRejects(
    () => threads.fork(id, { workingDirectory: "/no/such/folder" }),
    CodexInputError,
  );
});

Deno.test("compact() shortens the history, and the thread continues", async () => {
  await using real = await realServer(({ prompt }) =>
    modelAnswer(modelMessage(prompt.startsWith("Go") ? "Done" : "The summary"))
  );
  const thread = real.codex.startThread(real.inRepo);
  await assertRejects(() => thread.compact(), CodexInputError);
  await thread.run("Go, and remember the number 4711");
  const next = thread.compact();
  const turn = await thread.run("Go on");
  await next;
  assertEquals(turn.finalResponse, "Done");
  assert(real.model.requests.at(-1)?.text.includes("The summary"));
  assertEquals(real.model.requests.length, 3);
  await assertRejects(
    () => thread.compact({ signal: AbortSignal.abort() }),
    CodexCancelledError,
  );
});

// Facts A21.
Deno.test("Invalid requests about threads are typed errors", async () => {
  await using real = await realServer(({ prompt }) =>
    modelAnswer(prompt === "Sleep" ? modelCommand(SLEEP) : modelMessage("Done"))
  );
  const { threads } = real.codex;
  for (
    const ask of [
      () => threads.read(UNKNOWN),
      () => threads.rename(UNKNOWN, "x"),
      () => threads.archive(UNKNOWN),
      () => threads.unarchive(UNKNOWN),
      () => threads.delete(UNKNOWN),
      () => Array.fromAsync(threads.turns(UNKNOWN)),
    ]
  ) {
    const error = await assertRejects(ask, CodexThreadNotFoundError);
    assertEquals(error.requestedThreadId, UNKNOWN);
    assertEquals([error.items, error.argv], [[], []]);
  }
  for (
    const ask of [
      () => threads.read("--last"),
      () => threads.rename(UNKNOWN, " "),
      () => threads.rename(UNKNOWN, "a\ud800"),
      () => Array.fromAsync(threads.list({ limit: -1 })),
    ]
  ) await assertRejects(ask, CodexInputError);
  await assertRejects(
    () => threads.read(UNKNOWN, { signal: AbortSignal.abort("enough") }),
    CodexCancelledError,
  );

  const thread = real.codex.startThread(real.inRepo);
  await thread.run("Begin");
  const id = thread.id ?? "";
  const copy = thread.fork();
  await copy.run("Copy");
  const error = await assertRejects(
    () => threads.delete(id),
    CodexRequestError,
    "forks of it",
  );
  assertEquals(error.code, "thread_referenced");

  const controller = new AbortController();
  const turn = thread.run("Sleep", { signal: controller.signal });
  const ended = assertRejects(() => turn, CodexCancelledError);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await assertRejects(() => threads.archive(id), CodexThreadBusyError);
  controller.abort();
  await ended;
});

Deno.test("models() and account() return the server's answers, and rateLimits() fails without a login", async () => {
  await using real = await realServer([]);
  const models = await real.codex.models();
  assertEquals(models.filter(({ isDefault }) => isDefault).length, 1);
  for (const { id, displayName, reasoningEfforts, hidden } of models) {
    assert(id !== "" && displayName !== "" && reasoningEfforts.length > 0);
    assertEquals(hidden, false);
  }
  const all = await real.codex.models({ includeHidden: true });
  assertGreater(all.length, models.length - 1);
  assertEquals(await real.codex.account(), null);
  await assertRejects(() => real.codex.rateLimits(), CodexRequestError);
});
