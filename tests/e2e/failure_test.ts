import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { CodexInputError, CodexThreadRunError } from "../../mod.ts";
import {
  modelAnswer,
  modelCommand,
  modelDrop,
  modelFailure,
  modelHttpError,
  type ModelReply,
} from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";

// Facts F14.
/** Replies that fail a turn, and the resulting error. */
const FAILURES: Record<
  string,
  { reply: ModelReply; says: RegExp; httpBody?: string }
> = {
  "HTTP 400": {
    reply: modelHttpError(400, { error: { message: "No luck" } }),
    says: /^No luck$/,
    httpBody: '{"error":{"message":"No luck"}}',
  },
  "HTTP 403 of another form": {
    reply: modelHttpError(403, { detail: "No luck" }),
    says: /^unexpected status 403 Forbidden: No luck, url: http:/,
    httpBody: '{"detail":"No luck"}',
  },
  "HTTP 429": {
    reply: modelHttpError(429, { error: { type: "usage_limit_reached" } }),
    says: /^You’ve hit your usage limit/,
  },
  "HTTP 500": { reply: modelHttpError(500), says: /high demand/ },
  "response.failed": {
    reply: modelFailure("server_error", "Bad day"),
    says: /Bad day/,
  },
  "a dropped stream": { reply: modelDrop(), says: /stream disconnected/ },
};

for (
  const [name, { reply, says, httpBody = null }] of Object.entries(FAILURES)
) {
  Deno.test(`Thread.run fails with the CLI's message and the items so far after ${name}`, async () => {
    await using real = await realCodex([
      modelAnswer(modelCommand("echo hi")),
      reply,
    ]);
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
    assertEquals(error.httpBody, httpBody);
    // The same message came before as an `error` event (facts F2).
    const last = error.warnings.at(-1) ?? "";
    if (httpBody === null) assertEquals(last, error.message);
    else assertStringIncludes(last, httpBody);
  });
}

Deno.test("Thread.run rejects a working directory that is missing or not a folder, and names it", async () => {
  await using real = await realCodex([]);
  const missing = `${real.repo}/missing`;
  const file = `${real.repo}/file`;
  await Deno.writeTextFile(file, "");
  for (
    const [workingDirectory, why] of [
      [missing, "the folder does not exist"],
      [file, "it is not a folder"],
    ] as const
  ) {
    const thread = real.codex.startThread({ ...real.inRepo, workingDirectory });
    const error = await assertRejects(() => thread.run("Hi"), CodexInputError);
    assertEquals(error.path, "workingDirectory");
    assertEquals(error.message, `Cannot work in "${workingDirectory}": ${why}`);
  }
});

Deno.test("CodexTurnError has the argv, without its values", async () => {
  await using real = await realCodex([modelHttpError(400)]);
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
