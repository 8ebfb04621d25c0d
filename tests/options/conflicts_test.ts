import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  Codex,
  CodexInputError,
  type CodexOptions,
  type ThreadOptions,
  type TurnOptions,
} from "../../mod.ts";
import { CodexSync } from "../../sync.ts";
import { printTurn } from "../../src/testing/fake.ts";
import { fakeCodex } from "../support/fake_codex.ts";

const BYPASS = "dangerouslyBypassApprovalsAndSandbox";

/** Conflicting options of a client, and the option that the error names. */
const CLIENT: [options: CodexOptions, path: string][] = [
  [{ profile: "work", ignoreUserConfig: true }, "profile"],
  [{ profile: "work", hermetic: true }, "profile"],
  [{ localProvider: "ollama" }, "localProvider"],
  [{ localProvider: "ollama", oss: false }, "localProvider"],
];

for (const [options, path] of CLIENT) {
  Deno.test(`A client rejects ${JSON.stringify(options)}`, () => {
    for (const Client of [Codex, CodexSync]) {
      const error = assertThrows(() => new Client(options), CodexInputError);
      assertEquals(error.path, path);
    }
  });
}

/** Conflicting options of a thread, and the option that the error names. */
const THREAD: [options: ThreadOptions, path: string][] = [
  [{ approveForMe: true, sandboxMode: "workspace-write" }, "sandboxMode"],
  [{ approveForMe: true, approvalPolicy: "never" }, "approvalPolicy"],
  [{ approveForMe: true, [BYPASS]: true }, BYPASS],
  [{ [BYPASS]: true, sandboxMode: "read-only" }, "sandboxMode"],
  [{ [BYPASS]: true, approvalPolicy: "on-request" }, "approvalPolicy"],
  [{ worktree: true, ephemeral: true }, "worktree"],
];

for (const [options, path] of THREAD) {
  Deno.test(`A thread rejects ${JSON.stringify(options)}`, () => {
    for (const Client of [Codex, CodexSync]) {
      const error = assertThrows(
        () => new Client().startThread(options),
        CodexInputError,
      );
      assertEquals(error.path, path);
    }
  });
}

Deno.test("Options that agree, and those that are off, can be combined", () => {
  new Codex({ profile: "work", ignoreUserConfig: false, hermetic: false });
  new Codex({ oss: true, localProvider: "ollama" });
  const codex = new Codex();
  codex.startThread({
    [BYPASS]: true,
    sandboxMode: "danger-full-access",
    approvalPolicy: "never",
  });
  codex.startThread({ approveForMe: false, sandboxMode: "read-only" });
  codex.startThread({ worktree: true, ephemeral: false });
});

/** A missing CLI: options that are not rejected start nothing. */
const NOWHERE: CodexOptions = { codexPathOverride: "/no/such/codex" };

/**
 * Options of a turn that conflict with its thread's, and the option that the error
 * names.
 */
const TURN: [thread: ThreadOptions, turn: TurnOptions, path: string][] = [
  [{ approveForMe: true }, { sandboxMode: "read-only" }, "sandboxMode"],
  [{ approveForMe: true }, { approvalPolicy: "never" }, "approvalPolicy"],
  [{ [BYPASS]: true }, { sandboxMode: "read-only" }, "sandboxMode"],
];

for (const [thread, turn, path] of TURN) {
  Deno.test(`A turn of ${JSON.stringify(thread)} rejects ${JSON.stringify(turn)}`, async () => {
    const run = (): Promise<unknown> =>
      new Codex(NOWHERE).startThread(thread).run("Hi", turn);
    assertEquals((await assertRejects(run, CodexInputError)).path, path);
    const { signal: _, ...options } = turn;
    const blocking = new CodexSync(NOWHERE).startThread(thread);
    assertEquals(
      assertThrows(() => blocking.run("Hi", options), CodexInputError).path,
      path,
    );
  });
}

/**
 * Turns that the CLI cannot run with these options, and the option that the error
 * names.
 */
const ONE_TURN: [
  client: CodexOptions,
  thread: ThreadOptions,
  resumes: boolean,
  turn: TurnOptions,
  path: string,
][] = [
  [{}, { ephemeral: true }, true, {}, "ephemeral"],
  [{}, { ephemeral: true }, false, { repair: 1 }, "ephemeral"],
  [{ hermetic: true }, {}, true, {}, "hermetic"],
  [{ hermetic: true }, {}, false, { repair: 1 }, "hermetic"],
  [{}, { worktree: true }, true, {}, "worktree"],
  [{}, { worktree: true }, false, { repair: 1 }, "worktree"],
  [{ hermetic: true }, { worktree: true }, false, {}, "worktree"],
];

for (const [client, thread, resumes, turn, path] of ONE_TURN) {
  const what = JSON.stringify({ ...client, ...thread, ...turn });
  const when = resumes ? "a resumed thread" : "a new thread";
  Deno.test(`A turn of ${when} with ${what} is rejected before anything starts`, async () => {
    await using fake = await fakeCodex(["note started yes", printTurn("done")]);
    const codex = new Codex({ ...client, codexPathOverride: fake.path });
    const id = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";
    const opened = resumes
      ? codex.resumeThread(id, thread)
      : codex.startThread(thread);
    const error = await assertRejects(
      () => opened.run("Hi", { ...turn, outputSchema: {} }),
      CodexInputError,
    );
    assertEquals([error.path, error.code], [path, "invalid_input"]);
    assertEquals(fake.hasNote("started"), false);
  });
}
