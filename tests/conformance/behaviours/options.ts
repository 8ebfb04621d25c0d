/**
 * Tests options that are flags of the CLI, options of a single turn, and keys from a
 * function.
 *
 * @module
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CodexExecError,
  CodexInputError,
  type CodexOptions,
  CodexTurnError,
  CodexUnsupportedOptionError,
  type Thread,
  type ThreadOptions,
  type TurnThreadOptions,
} from "@acodex/sdk";
import { printTurn, script } from "../../../src/testing/fake.ts";
import {
  modelAnswer,
  modelHttpError,
  modelMessage,
  type ModelRequest,
} from "@acodex/sdk/testing";
import { behaviour, EXEC } from "../support/behaviour.ts";
import { CLIENT, type Codex } from "../support/client.ts";
import { rejection } from "../support/expect.ts";
import { fakeCli } from "../support/fake_cli.ts";
import { realCli } from "../support/real_cli.ts";

/** Returns what a request says about the options that a turn can set. */
function asked(request: ModelRequest | undefined): unknown {
  const { reasoning, tools = [] } = request?.body as {
    readonly reasoning?: { readonly effort?: string };
    readonly tools?: readonly { readonly type: string }[];
  };
  const last = (pattern: RegExp): string | undefined =>
    [...(request?.text ?? "").matchAll(pattern)].at(-1)?.[1];
  return {
    model: request?.model,
    effort: reasoning?.effort,
    sandbox: last(/sandbox_mode` is `([\w-]+)/g),
    network: last(/[Nn]etwork access is (\w+)/g),
    search: tools.some(({ type }) => type === "web_search"),
  };
}

/** Options of a turn that replace those of its thread. */
const OWN: TurnThreadOptions = {
  model: "of-the-turn",
  modelReasoningEffort: "high",
  sandboxMode: "workspace-write",
  webSearchMode: "live",
  networkAccessEnabled: true,
};

for (
  const [what, base] of [
    ["sets them too", {
      model: "of-the-thread",
      modelReasoningEffort: "low",
      sandboxMode: "read-only",
      webSearchMode: "disabled",
    }],
    ["does not set them", { sandboxMode: undefined }],
  ] satisfies [string, ThreadOptions][]
) {
  behaviour(
    `Options of a turn apply to that turn only, if the thread ${what}`,
    async (context) => {
      const { codex, model, inRepo } = await realCli(
        context,
        () => modelAnswer(modelMessage("ok")),
      );
      const thread = codex.startThread({ ...inRepo, ...base });
      const ask = async (turn: TurnThreadOptions): Promise<unknown> => {
        const before = model.requests.length;
        await thread.run("Hi", turn);
        return asked(
          model.requests.slice(before).find(({ number }) => number > 0),
        );
      };
      const plain = await ask({});
      if (base.model !== undefined) {
        assert.deepEqual(plain, {
          model: "of-the-thread",
          effort: "low",
          sandbox: "read-only",
          network: "restricted",
          search: false,
        });
      }
      const own = await ask(OWN);
      assert.deepEqual(own, {
        model: "of-the-turn",
        effort: "high",
        sandbox: "workspace-write",
        network: "enabled",
        search: true,
      });
      assert.deepEqual(await ask({}), plain);
      // No turn keeps the options of the one before it.
      const { effort } = await ask({ modelReasoningEffort: "high" }) as {
        effort: unknown;
      };
      assert.equal(effort, "high");
      const named = await ask({ model: "another" }) as { [k: string]: unknown };
      assert.equal(named.model, "another");
      assert.notEqual(named.effort, "high");
      assert.deepEqual(await ask({}), plain);
    },
    { timeoutMs: 60_000 },
  );
}

behaviour(
  "A turn's options are validated like the thread's",
  async (context) => {
    const { codex, inRepo } = await realCli(context, []);
    const thread = codex.startThread(inRepo);
    for (
      const [name, value] of [["sandboxMode", "none"], ["model", 1]] as const
    ) {
      const error = await rejection(
        thread.run("Hi", { [name]: value } as object),
        CodexInputError,
      );
      assert.equal(error.path, name);
    }
  },
);

/** Options of a client and a thread, and the argv that they result in. */
const FLAGS: [client: CodexOptions, thread: ThreadOptions, args: string[]][] = [
  [{ features: { a: true, b: false } }, {}, [
    ...["--enable", "a", "--disable", "b"],
  ]],
  [{ strictConfig: true, ignoreUserConfig: true, ignoreRules: true }, {}, [
    ...["--strict-config", "--ignore-user-config", "--ignore-rules"],
  ]],
  [{ hermetic: true }, {}, [
    ...["--ignore-user-config", "--ignore-rules", "--ephemeral"],
  ]],
  [{ hermetic: true, ignoreRules: true }, { ephemeral: true }, [
    ...["--ignore-user-config", "--ignore-rules", "--ephemeral"],
  ]],
  [{ oss: true, localProvider: "ollama" }, {}, [
    ...["--oss", "--local-provider", "ollama"],
  ]],
  [{}, { worktree: true }, ["--worktree"]],
  [{}, { approveForMe: true }, ["--approve-for-me"]],
  [
    {},
    {
      dangerouslyBypassApprovalsAndSandbox: true,
      dangerouslyBypassHookTrust: true,
    },
    [
      "--dangerously-bypass-approvals-and-sandbox",
      "--dangerously-bypass-hook-trust",
    ],
  ],
  [{ hermetic: false, oss: false, features: {} }, { worktree: false }, []],
];

behaviour(
  "Options that are flags are in argv, each value as an argument",
  async (context) => {
    const fake = fakeCli(context, [
      script('if [ "$1" = --version ]; then exit 1; fi'),
      "record",
      printTurn("done"),
    ]);
    const client = (options: CodexOptions): Codex =>
      fakeCli(context, [], { codexPathOverride: fake.path, ...options }).codex;
    for (const [options, thread, expected] of FLAGS) {
      await client(options).startThread(thread).run("Hi");
      assert.deepEqual(fake.requests.at(-1)?.argv, [
        "exec",
        "--experimental-json",
        ...expected,
      ]);
    }
    const extraArgs = ["--new", "value", "--color=never"];
    const thread = client({ extraArgs, strictConfig: true }).startThread();
    for (const rest of [[], ["resume", "THREAD"]]) {
      await thread.run("Hi");
      assert.deepEqual(
        fake.requests.at(-1)?.argv.map((word) =>
          word === thread.id ? "THREAD" : word
        ),
        [
          "exec",
          ...extraArgs,
          "--experimental-json",
          "--strict-config",
          ...rest,
        ],
      );
    }
  },
  { clients: EXEC },
);

behaviour(
  "An ephemeral thread runs one turn, and is not stored",
  async (context) => {
    const { client, model, home, inRepo } = await realCli(
      context,
      () => modelAnswer(modelMessage("ok")),
    );
    writeFileSync(join(home, "config.toml"), 'model = "of-the-user"\n');
    for (
      const [options, base, path, isOfUser] of [
        [{}, { ephemeral: true }, "ephemeral", true],
        [{ hermetic: true }, {}, "hermetic", false],
      ] as const
    ) {
      const thread = client(options).startThread({ ...inRepo, ...base });
      await thread.run("Hi");
      const sent = model.requests.length;
      assert.equal(model.requests.at(-1)?.model === "of-the-user", isOfUser);
      const error = await rejection(thread.run("Again"), CodexInputError);
      assert.equal(error.path, path);
      assert.equal(model.requests.length, sent);
      await rejection(
        client().resumeThread(thread.id ?? "", inRepo).run("Again"),
        CodexTurnError,
      );
    }
  },
  { clients: EXEC },
);

behaviour(
  "extraArgs are passed to the CLI, and errors about them show no values",
  async (context) => {
    const { client, model, inRepo } = await realCli(
      context,
      () => modelAnswer(modelMessage("ok")),
    );
    const extraArgs = ["--color", "never", "-c", 'service_tier="flex"'];
    const thread = client({ extraArgs }).startThread(inRepo);
    await thread.run("Hi");
    await thread.run("Again");
    assert.deepEqual(
      model.requests.map(({ body }) => Object(body).service_tier),
      ["flex", "flex"],
    );
    const error = await rejection(
      client({ extraArgs: ["--no-such", "a-value", "--nor-this=a-value"] })
        .startThread(inRepo).run("Hi"),
      CodexUnsupportedOptionError,
    );
    assert.equal(error.path, "extraArgs");
    assert.match(error.version ?? "", /^\d+\.\d+\.\d+/);
    assert.match(error.message, /--no-such/);
    assert.doesNotMatch(error.message, /a-value/);
    const refused = await rejection(
      client({ extraArgs: ["--color", "a-value", "--color=a-value"] })
        .startThread(inRepo).run("Hi"),
      CodexExecError,
    );
    assert.equal(refused.exitCode, 2);
    assert.deepEqual(
      refused.argv.slice(0, 4),
      ["exec", "--color", "…", "--color=…"],
    );
    // A flag without its value does not consume the arguments that select the thread.
    const last = client({ extraArgs: ["--thread-source"] })
      .resumeThread(thread.id ?? "", inRepo);
    assert.equal(
      (await rejection(last.run("Hi"), CodexExecError)).exitCode,
      2,
    );
    assert.equal(model.requests.length, 2);
  },
  { clients: EXEC },
);

behaviour(
  "A profile applies, and one that does not exist is rejected",
  async (context) => {
    const { client, model, home, inRepo } = await realCli(
      context,
      () => modelAnswer(modelMessage("ok")),
    );
    writeFileSync(join(home, "work.config.toml"), 'model = "of-the-profile"\n');
    const thread = client({ profile: "work" }).startThread(inRepo);
    await thread.run("Hi");
    await thread.run("Again");
    assert.deepEqual(
      model.requests.map((each) => each.model),
      ["of-the-profile", "of-the-profile"],
    );
    for (const profile of ["nowhere", "../work", "--work"]) {
      const error = await rejection(
        client({ profile }).startThread(inRepo).run("Hi"),
        CodexInputError,
      );
      assert.equal(error.path, "profile");
    }
    assert.equal(model.requests.length, 2);
  },
  { clients: EXEC },
);

behaviour("A worktree is created, for one turn only", async (context) => {
  const { codex, model, repo, home, inRepo } = await realCli(
    context,
    () => modelAnswer(modelMessage("ok")),
  );
  const me = ["-c", "user.name=a", "-c", "user.email=a@b.c"];
  for (
    const args of [["init", "-q"], [...me, "commit", "-q", "--allow-empty"]]
  ) {
    const message = args.includes("commit") ? ["-m", "x"] : [];
    execFileSync("git", ["-C", repo, ...args, ...message]);
  }
  const thread = codex.startThread({ ...inRepo, worktree: true });
  await thread.run("Hi");
  const cwd = /<cwd>([^<]*)/.exec(model.requests[0]?.text ?? "")?.[1] ?? "";
  assert.ok(cwd.startsWith(join(home, "worktrees")), cwd);
  const error = await rejection(thread.run("Again"), CodexInputError);
  assert.equal(error.path, "worktree");
  // Does what the error advises.
  const { id } = thread;
  await codex.resumeThread(id ?? "", { ...inRepo, workingDirectory: cwd })
    .run("Again");
  assert.equal(model.requests.length, 2);
}, { clients: EXEC });

behaviour(
  "An unknown feature, and an unknown setting under strictConfig, fail the turn",
  async (context) => {
    const { client, model, inRepo } = await realCli(context, []);
    const { config } = model;
    for (
      const [options, says] of [
        [{ features: { no_such: true } }, /no_such/],
        [{ strictConfig: true, config: { ...config, no_such: 1 } }, /no_such/],
      ] satisfies [CodexOptions, RegExp][]
    ) {
      const error = await rejection(
        client(options).startThread(inRepo).run("Hi"),
        Error,
      );
      assert.match(error.message, says);
    }
    assert.equal(model.requests.length, 0);
  },
);

behaviour(
  "The apiKey function is called for each turn, and no error contains a key",
  async (context) => {
    const { client, model, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("a")),
      modelAnswer(modelMessage("b")),
      modelHttpError(401, { error: { message: "No: sk-of-turn-number-3" } }),
    ]);
    let count = 0;
    const keys = {
      apiKey: () => Promise.resolve(`sk-of-turn-number-${count += 1}`),
    };
    const thread = client(keys).startThread(inRepo);
    await thread.run("Hi");
    await thread.run("Again");
    const error = await rejection(thread.run("Again"), CodexTurnError);
    assert.ok(!error.message.includes("sk-of-turn-number"), error.message);
    assert.match(error.message, /\[redacted\]/);
    assert.deepEqual(
      model.requests.map(({ headers }) => headers.authorization),
      [1, 2, 3].map((turn) => `Bearer sk-of-turn-number-${turn}`),
    );
  },
  { clients: ["async"] },
);

behaviour(
  "An apiKey function that fails ends the turn before the CLI is started",
  async (context) => {
    const { codex: _, path, hasNote } = fakeCli(context, [
      "note started yes",
      printTurn("done"),
    ]);
    const cause = new Error("The vault is closed");
    const broken: CodexOptions["apiKey"][] = [
      () => {
        throw cause;
      },
      () => Promise.reject(cause),
      Object(() => 5),
      Object(() => Promise.resolve(undefined)),
      () => "sk-with-a-nul\0",
    ];
    for (const apiKey of broken) {
      const { codex } = fakeCli(context, [], {
        codexPathOverride: path,
        apiKey,
      });
      const error = await rejection(
        codex.startThread({ skipGitRepoCheck: true }).run("Hi"),
        CodexInputError,
      );
      assert.equal(error.path, "apiKey");
      assert.ok(!/sk-|vault/.test(error.message), error.message);
      if (/thrown/.test(error.message)) assert.equal(error.cause, cause);
    }
    assert.equal(hasNote("started"), false);
  },
  { clients: ["async", "server"] },
);

behaviour("A turn that waits for its key can time out", async (context) => {
  const { codex: _, path } = fakeCli(context, [printTurn("done")]);
  const never = (): Promise<string> => new Promise(() => {});
  const { codex } = fakeCli(context, [], {
    codexPathOverride: path,
    apiKey: never,
  });
  const thread: Thread = codex.startThread({ skipGitRepoCheck: true });
  const error = await rejection(
    thread.run("Hi", { timeoutMs: 200 }),
    CodexTurnError,
  );
  assert.equal(error.code, "turn_timeout");
}, { clients: ["async", "server"] });

behaviour(
  "Options that the server cannot support are rejected when they are passed",
  async (context) => {
    const { client, codex } = await realCli(context, []);
    for (
      const options of [
        { profile: "work" },
        { ignoreUserConfig: true },
        { ignoreRules: true },
        { hermetic: true },
        { extraArgs: ["--color", "never"] },
        { oss: true },
      ] satisfies CodexOptions[]
    ) {
      assert.throws(
        () => client(options),
        (error) =>
          error instanceof CodexUnsupportedOptionError &&
          error.code === "unsupported_option" &&
          error.path === Object.keys(options)[0],
      );
    }
    assert.throws(
      () => codex.startThread({ worktree: true }),
      CodexUnsupportedOptionError,
    );
    // Empty and false values are accepted.
    client({ profile: "", ignoreRules: false, extraArgs: [], hermetic: false });
    assert.equal(CLIENT, "server");
  },
  { clients: ["server"] },
);
