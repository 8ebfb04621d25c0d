import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  CodexExecError,
  CodexInputError,
  CodexThreadNotFoundError,
  CodexThreadRunError,
  type ThreadEvent,
} from "../../mod.ts";
import {
  answer,
  command,
  dropped,
  failedResponse,
  httpError,
  message,
  type ModelReply,
} from "../../src/testing/model.ts";
import { realCodex } from "../support/real_codex.ts";

// Facts F14.
/** Replies that fail a turn, and what the CLI makes of them. */
const FAILURES: Record<string, { reply: ModelReply; says: RegExp }> = {
  "HTTP 400": {
    reply: httpError(400, { error: { message: "No luck" } }),
    says: /^\{"error":\{"message":"No luck"\}\}$/,
  },
  "HTTP 401": {
    reply: httpError(401, { error: { message: "No luck" } }),
    says: /401 Unauthorized: No luck/,
  },
  "HTTP 429": {
    reply: httpError(429, { error: { type: "usage_limit_reached" } }),
    says: /^You’ve hit your usage limit/,
  },
  "HTTP 500": { reply: httpError(500), says: /high demand/ },
  "response.failed": {
    reply: failedResponse("server_error", "Bad day"),
    says: /Bad day/,
  },
  "a dropped stream": { reply: dropped(), says: /stream disconnected/ },
};

for (const [name, { reply, says }] of Object.entries(FAILURES)) {
  Deno.test(`Thread.run fails with the CLI's words and the items so far after ${name}`, async () => {
    await using real = await realCodex([answer(command("echo hi")), reply]);
    const thread = real.codex.startThread(real.inRepo);
    const error = await assertRejects(
      () => thread.run("Try"),
      CodexThreadRunError,
    );
    assertMatch(error.message, says);
    assertEquals(error.code, "turn_failed");
    assertEquals(error.exitCode, 1);
    assertEquals(error.signal, null);
    assert(thread.id !== null);
    assertEquals(error.threadId, thread.id);
    assertEquals(error.items.map((item) => item.type), ["command_execution"]);
    // The same words came before as an `error` event (facts F2).
    assertEquals(error.warnings.at(-1), error.message);
  });
}

Deno.test("StreamedTurn fails after every event of a failed turn, each time with the same error", async () => {
  await using real = await realCodex([httpError(400)]);
  const streamed = await real.codex.startThread(real.inRepo).runStreamed("Try");
  const types: string[] = [];
  const error = await assertRejects(async () => {
    for await (const event of streamed.events) types.push(event.type);
  }, CodexThreadRunError);
  assertEquals(types, [
    "thread.started",
    "turn.started",
    "error",
    "turn.failed",
  ]);
  for (let time = 0; time < 2; time += 1) {
    assertStrictEquals(assertThrows(() => streamed.result), error);
  }
});

Deno.test("Thread.run goes on after a turn that failed", async () => {
  await using real = await realCodex([httpError(400), answer(message("Well"))]);
  const thread = real.codex.startThread(real.inRepo);
  await assertRejects(() => thread.run("Try"), CodexThreadRunError);
  const { id } = thread;
  const turn = await thread.run("Try again");
  assertEquals(turn.finalResponse, "Well");
  assertEquals(turn.threadId, id);
});

// Facts F3.
Deno.test("Thread.runStreamed delivers reconnect notices of a turn that completes", async () => {
  await using real = await realCodex(
    [dropped(), dropped(), answer(message("third time"))],
    { streamMaxRetries: 2 },
  );
  const streamed = await real.codex.startThread(real.inRepo).runStreamed("Try");
  const notices: string[] = [];
  for await (const event of streamed.events) {
    if (event.type === "error") notices.push(event.message);
  }
  assertEquals(notices.length, 2);
  assertStringIncludes(notices[0] ?? "", "Reconnecting... 1/2");
  assertEquals(streamed.result.finalResponse, "third time");
  assertEquals(streamed.result.warnings, notices);
});

Deno.test("Thread.run says that the folder is no Git repository", async () => {
  await using real = await realCodex([]);
  const thread = real.codex.startThread({
    ...real.inRepo,
    skipGitRepoCheck: false,
  });
  const error = await assertRejects(() => thread.run("Hi"), CodexExecError);
  assertStringIncludes(error.message, "Not inside a trusted directory");
  assertEquals([error.code, error.exitCode], ["exited", 1]);
  assertEquals(thread.id, null);
});

Deno.test("Thread.run refuses a working directory that is no folder, by its name", async () => {
  await using real = await realCodex([]);
  const missing = `${real.repo}/missing`;
  const file = `${real.repo}/file`;
  await Deno.writeTextFile(file, "");
  for (
    const [workingDirectory, why] of [
      [missing, "there is no such folder"],
      [file, "it is not a folder"],
    ] as const
  ) {
    const thread = real.codex.startThread({ ...real.inRepo, workingDirectory });
    const error = await assertRejects(() => thread.run("Hi"), CodexInputError);
    assertEquals(error.path, "workingDirectory");
    assertEquals(error.message, `Cannot work in "${workingDirectory}": ${why}`);
  }
});

Deno.test("Codex.resumeThread fails in its first turn where the CLI knows no such thread", async () => {
  await using real = await realCodex([]);
  const id = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";
  const thread = real.codex.resumeThread(id, real.inRepo);
  const streamed = await thread.runStreamed("Hi");
  const events: ThreadEvent[] = [];
  const error = await assertRejects(async () => {
    for await (const event of streamed.events) events.push(event);
  }, CodexThreadNotFoundError);
  assertEquals(events, []);
  assertEquals(error.code, "thread_not_found");
  assertEquals(error.requestedThreadId, id);
  assertEquals(error.openedThreadId, null);
  assertEquals(error.exitCode, 1);
  assertEquals(thread.id, id);
  assertEquals(real.model.requests, []);
});

Deno.test("CodexTurnError tells the arguments and keeps their values to itself", async () => {
  await using real = await realCodex([httpError(400)]);
  const error = await assertRejects(
    () => real.codex.startThread(real.inRepo).run("A secret prompt"),
    CodexThreadRunError,
  );
  assertEquals(error.argv.slice(0, 2), ["exec", "--experimental-json"]);
  assert(error.argv.includes("--skip-git-repo-check"));
  const printed = Deno.inspect(error) + error.argv.join(" ");
  for (const secret of [real.repo, real.model.baseUrl, "A secret prompt"]) {
    assert(!printed.includes(secret), secret);
  }
});
