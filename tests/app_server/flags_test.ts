/**
 * Tests how the server supports the flags of `codex exec`, on the real server.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  CodexAppServer,
  CodexUnsupportedOptionError,
} from "../../app_server.ts";
import {
  CodexCancelledError,
  CodexExecError,
  CodexInputError,
} from "../../mod.ts";
import { locateCodex } from "../../src/cli/locate/locate.ts";
import { denoRuntime } from "../../src/runtime/deno.ts";
import { modelAnswer, modelMessage } from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";
import { realServer } from "../support/real_server.ts";
import { wait, withinMinute } from "../../src/testing/waiting.ts";

const ok = () => modelAnswer(modelMessage("ok"));

// Facts A30.
Deno.test("codex app-server has the flags that are sent, and lacks those whose options are rejected", async () => {
  const { program } = await locateCodex(denoRuntime(Deno));
  const { stdout } = await new Deno.Command(program, {
    args: ["app-server", "--help"],
  }).output();
  const help = new TextDecoder().decode(stdout);
  const flags = new Set(
    [...help.matchAll(/^ {2,6}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) =>
      flag
    ),
  );
  for (
    const flag of [
      ...["--profile", "--ignore-user-config", "--ignore-rules", "--worktree"],
      ...["--ephemeral", "--oss", "--local-provider", "--approve-for-me"],
      "--dangerously-bypass-approvals-and-sandbox",
      "--dangerously-bypass-hook-trust",
    ]
  ) assert(!flags.has(flag), flag);
  for (const flag of ["--config", "--enable", "--disable", "--strict-config"]) {
    assert(flags.has(flag), flag);
  }
});

// Facts A30.
Deno.test("approveForMe and the bypass give the model the same permissions as under codex exec", async () => {
  await using exec = await realCodex(ok);
  await using server = await realServer(ok);
  for (
    const options of [
      { approveForMe: true },
      { dangerouslyBypassApprovalsAndSandbox: true },
    ]
  ) {
    const permissions = (text = ""): string =>
      /<permissions instructions>.*?<\/permissions instructions>/
        .exec(text)?.[0].replaceAll(/\/[\w/.-]*repo[\w/.-]*/g, "REPO") ??
        "none";
    const { repo } = exec;
    const skip = options.approveForMe ? { skipGitRepoCheck: true } : {};
    await exec.codex.startThread({
      ...skip,
      ...options,
      workingDirectory: repo,
    })
      .run("Hi");
    await server.codex.startThread({
      ...skip,
      ...options,
      workingDirectory: server.repo,
    }).run("Hi");
    const expected = permissions(exec.model.requests.at(-1)?.text);
    assert(expected.length > 100, expected);
    assertEquals(
      permissions(server.model.requests.at(-1)?.text),
      expected,
    );
  }
});

Deno.test("onApproval together with approveForMe is rejected, because it would never be called", async () => {
  await using real = await realServer(ok);
  const thread = real.codex.startThread({
    workingDirectory: real.repo,
    skipGitRepoCheck: true,
    approveForMe: true,
    onApproval: () => "decline",
  });
  const error = await assertRejects(() => thread.run("Hi"), CodexInputError);
  assertEquals(error.path, "onApproval");
});

// Facts A30.
Deno.test("Untrusted hooks run only with dangerouslyBypassHookTrust", async () => {
  await using real = await realServer(ok);
  const log = `${real.repo}/hook.log`;
  const hook = { type: "command", command: `echo ran >> ${log}` };
  await Deno.writeTextFile(
    `${real.home}/hooks.json`,
    JSON.stringify({ hooks: { UserPromptSubmit: [{ hooks: [hook] }] } }),
  );
  const ran = async (): Promise<boolean> => {
    try {
      return (await Deno.readTextFile(log)) !== "";
    } catch {
      return false;
    }
  };
  await real.codex.startThread(real.inRepo).run("Hi");
  assertEquals(await ran(), false);
  await real.codex.startThread({
    ...real.inRepo,
    dangerouslyBypassHookTrust: true,
  }).run("Hi");
  assertEquals(await ran(), true);
});

Deno.test("Features and strictConfig are passed to the server", async () => {
  await using real = await realServer(ok);
  for (
    const [options, says] of [
      [{ features: { no_such_feature: true } }, "no_such_feature"],
      [{ strictConfig: true, config: { no_such_key: 1 } }, "no_such_key"],
    ] as const
  ) {
    const error = await assertRejects(
      () => real.client(options).startThread(real.inRepo).run("Hi"),
      CodexExecError,
    );
    assertStringIncludes(error.message, says);
  }
  const features = { multi_agent: true, shell_snapshot: false };
  await real.client({ features, strictConfig: true }).startThread(real.inRepo)
    .run("Hi");
  assertEquals(real.model.requests.length, 1);
});

// Facts A30.
Deno.test("A local provider is asked for its own default model, at its own address", async () => {
  await using real = await realServer(ok);
  for (
    const [localProvider, model] of [
      ["ollama", "gpt-oss:20b"],
      ["lmstudio", "openai/gpt-oss-20b"],
    ] as const
  ) {
    const codex = real.client({
      oss: true,
      localProvider,
      env: { CODEX_OSS_BASE_URL: real.model.baseUrl },
    });
    const turn = await codex.startThread(real.inRepo).run("Hi");
    assertEquals(real.model.requests.at(-1)?.model, model);
    // The tests set a provider of their own.
    assertStringIncludes(
      turn.warnings.join("\n"),
      "The setting model_provider has no effect with oss",
    );
    await codex.startThread({ ...real.inRepo, model: "mine" }).run("Hi");
    assertEquals(real.model.requests.at(-1)?.model, "mine");
  }
});

Deno.test("oss requires localProvider", () => {
  const error = assertThrows(
    () => new CodexAppServer({ oss: true }),
    CodexUnsupportedOptionError,
  );
  assertEquals(error.path, "oss");
});

Deno.test("The apiKey function is called at each start of a server", async () => {
  let asked = 0;
  await using real = await realServer(ok, {
    keepAliveMs: 300,
    apiKey: () => `sk-of-server-number-${asked += 1}`,
  });
  const thread = real.codex.startThread(real.inRepo);
  await Promise.all([thread.run("Hi"), thread.run("Hi")]);
  await wait(1500);
  await thread.run("Hi");
  const keys = real.model.requests.map(({ headers }) => headers.authorization);
  assertEquals(keys.at(0), "Bearer sk-of-server-number-1");
  assertEquals(keys.at(-1), `Bearer sk-of-server-number-${asked}`);
  assert(asked >= 2, `asked ${asked} times`);
});

Deno.test("close() does not wait for a pending apiKey function", async () => {
  await using real = await realServer(ok, {
    apiKey: () => new Promise(() => {}),
  });
  const running = real.codex.startThread(real.inRepo).run("Hi");
  running.catch(() => {});
  await wait(200);
  await withinMinute("the end of the client", real.codex.close());
  await assertRejects(() => running, CodexCancelledError);
});
