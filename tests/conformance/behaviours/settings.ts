/**
 * What a client's options do: the environment, the key, and where the CLI is.
 *
 * @module
 */

import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import process from "node:process";
import type { CodexOptions } from "@acodex/sdk";
import { modelAnswer, modelCommand, modelMessage } from "@acodex/sdk/testing";
import { behaviour, EXEC } from "../support/behaviour.ts";
import { CLIENT } from "../support/client.ts";
import { FakeCli, printTurn } from "../../../src/testing/fake.ts";
import { fakeCli } from "../support/fake_cli.ts";
import { type HostOptions, runHost } from "../support/host.ts";
import { ownProject } from "../support/own_project.ts";
import { realCli } from "../support/real_cli.ts";
import type { Setting } from "../support/setting.ts";

/** The host that runs a turn with the client in question. */
const TURN = CLIENT === "async" ? "turn" : "turn_sync";

/** A variable of the host, with a value that nothing else has. */
const HOST_VARIABLE = "CONFORMANCE_HOST_VARIABLE";

behaviour(
  "The environment is replaced, or merged, or lacks a variable",
  async (setting) => {
    const { client, env, inRepo } = await realCli(
      setting,
      (request) =>
        request.toolOutputs.length === 0
          ? modelAnswer(modelCommand(`echo "[$${HOST_VARIABLE}|$GIVEN]"`))
          : modelAnswer(modelMessage("ok")),
    );
    const given = { ...env, GIVEN: "given" };
    const printed = async (options: CodexOptions): Promise<unknown> => {
      const { items } = await client(options).startThread(inRepo).run("Print");
      return items.flatMap((item) =>
        item.type === "command_execution" ? [item.aggregated_output] : []
      );
    };
    process.env[HOST_VARIABLE] = "host";
    setting.after(() => delete process.env[HOST_VARIABLE]);
    assert.deepEqual(await printed({ env: given }), ["[|given]\n"]);
    assert.deepEqual(
      await printed({ env: given, envMode: "merge" }),
      ["[host|given]\n"],
    );
    assert.deepEqual(
      await printed({
        env: { ...given, [HOST_VARIABLE]: undefined },
        envMode: "merge",
      }),
      ["[|given]\n"],
    );
  },
);

behaviour("The key and the originator reach the model", async (setting) => {
  const { client, model, env, inRepo } = await realCli(setting, [
    modelAnswer(modelMessage("a")),
    modelAnswer(modelMessage("b")),
  ]);
  await client({ apiKey: "sk-of-the-test" }).startThread(inRepo).run("Hi");
  await client({
    env: { ...env, CODEX_INTERNAL_ORIGINATOR_OVERRIDE: "somebody" },
  }).startThread(inRepo).run("Hi");
  assert.deepEqual(
    model.requests.map(({ headers }) => [
      headers.authorization,
      headers.originator,
    ]),
    [
      ["Bearer sk-of-the-test", "acodex_sdk_ts"],
      ["Bearer scripted-model", "somebody"],
    ],
  );
});

/** A program that completes a turn with an answer of its own. */
function answering(setting: Setting, folder: string, text: string): string {
  return new FakeCli(setting.path(folder), printTurn(text)).path;
}

/** The answer to a turn of a host with default options, and its error's code. */
async function answerOf(
  setting: Setting,
  codex: CodexOptions,
  options: HostOptions,
): Promise<unknown> {
  const { code, reports, stderr } = await runHost(setting, TURN, {
    codex: { env: setting.env, ...codex },
  }, options);
  assert.deepEqual([code, stderr], [0, ""]);
  return reports[0]?.finalResponse ?? reports[0]?.code;
}

/** Lays a fake CLI out as npm does: a launcher, and the binary in the package for each system. */
function installFake(setting: Setting, text: string): void {
  mkdirSync(setting.path("project/node_modules/@openai/codex/bin"), {
    recursive: true,
  });
  const vendor = setting.path("vendor");
  for (
    const triple of [
      "x86_64-unknown-linux-musl",
      "aarch64-unknown-linux-musl",
      "x86_64-apple-darwin",
      "aarch64-apple-darwin",
    ]
  ) answering(setting, `vendor/${triple}/bin`, text);
  for (
    const system of ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"]
  ) {
    const folder = `project/node_modules/@openai/codex-${system}`;
    mkdirSync(setting.path(folder));
    symlinkSync(vendor, setting.path(`${folder}/vendor`));
  }
}

behaviour(
  "The CLI is found in the npm package that is installed for the program",
  async (setting) => {
    installFake(setting, "near");
    const host = ownProject(setting, "project/deep/down");
    for (const cwd of [setting.folder, setting.path("project")]) {
      assert.equal(await answerOf(setting, {}, { ...host, cwd }), "near");
    }
    // By its real path: beside a link to it there is nothing.
    mkdirSync(setting.path("links"));
    const program = setting.path("links/main.mjs");
    symlinkSync(host.program ?? "", program);
    assert.equal(await answerOf(setting, {}, { ...host, program }), "near");
  },
  { clients: EXEC },
);

behaviour(
  "A CLI in the working directory is not run, nor one above it",
  async (setting) => {
    installFake(setting, "a stranger's");
    answering(setting, "project/deep", "a stranger's, too");
    answering(setting, "own", "own");
    const cwd = setting.path("project/deep");
    // It means the working directory twice, and a folder of it.
    const PATH = `:.:bin:${setting.path("own")}:${process.env.PATH}`;
    const host = { cwd, env: { PATH } };
    assert.equal(
      await answerOf(setting, { codexPathOverride: "codex" }, host),
      "own",
    );
    // Without a name it is the one that is installed beside the package.
    const { model, env, inRepo } = await realCli(setting, [
      modelAnswer(modelMessage("the real one")),
    ]);
    const { code, reports, stderr } = await runHost(setting, TURN, {
      codex: { env, config: model.config },
      thread: inRepo,
    }, host);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(reports[0]?.finalResponse, "the real one");
  },
  { clients: EXEC },
);

behaviour("CODEX_PATH goes before the npm package", async (setting) => {
  installFake(setting, "near");
  const CODEX_PATH = answering(setting, "elsewhere", "named");
  const host = ownProject(setting, "project");
  const env = { CODEX_PATH };
  assert.equal(await answerOf(setting, {}, { ...host, env }), "named");
  const codexPathOverride = answering(setting, "override", "override");
  assert.equal(
    await answerOf(setting, { codexPathOverride }, { ...host, env }),
    "override",
  );
}, { clients: EXEC });

behaviour("A name is looked for on PATH", async (setting) => {
  answering(setting, "bin", "on PATH");
  const PATH = `${setting.path("bin")}:${process.env.PATH}`;
  const codexPathOverride = "codex";
  assert.equal(
    await answerOf(setting, { codexPathOverride }, { env: { PATH } }),
    "on PATH",
  );
  assert.equal(
    await answerOf(setting, { codexPathOverride: "no-such-codex" }, {
      env: { PATH },
    }),
    "executable_not_found",
  );
}, { clients: EXEC });

behaviour("What stands on Object.prototype is no option", async (setting) => {
  const polluted = {
    sandboxMode: "danger-full-access",
    approvalPolicy: "never",
    additionalDirectories: ["/polluted"],
    networkAccessEnabled: true,
    model: "polluted",
    cyberAccessProgram: "polluted",
    outputSchema: { type: "object" },
  };
  const fake = fakeCli(setting, ["record", printTurn("done")]);
  for (const [name, value] of Object.entries(polluted)) {
    Object.defineProperty(Object.prototype, name, {
      value,
      configurable: true,
      writable: true,
    });
    setting.after(() => Reflect.deleteProperty(Object.prototype, name));
  }
  const turn = await fake.codex.startThread({}).run("Hi", {});
  assert.equal(turn.finalResponse, "done");
  assert.deepEqual(fake.requests[0]?.argv, ["exec", "--experimental-json"]);
}, { clients: EXEC });
