/**
 * Tests a client's options: the environment, the key, and where the CLI is found.
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
import type { TestContext } from "../support/test_context.ts";

/** The host that runs a turn with the client under test. */
const TURN = CLIENT === "async" ? "turn" : "turn_sync";

/** The name of a variable of the host. */
const HOST_VARIABLE = "CONFORMANCE_HOST_VARIABLE";

behaviour(
  "env replaces the environment or is merged into it, and undefined removes a variable",
  async (context) => {
    const { client, env, inRepo } = await realCli(
      context,
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
    context.after(() => delete process.env[HOST_VARIABLE]);
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

behaviour("The key and the originator reach the model", async (context) => {
  const { client, model, env, inRepo } = await realCli(context, [
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

/** Writes a program that completes a turn with an answer; returns its path. */
function answering(context: TestContext, folder: string, text: string): string {
  return new FakeCli(context.path(folder), printTurn(text)).path;
}

/** Runs a turn in a host with default options; returns its answer or its error's code. */
async function readAnswer(
  context: TestContext,
  codex: CodexOptions,
  options: HostOptions,
): Promise<unknown> {
  const { code, reports, stderr } = await runHost(context, TURN, {
    codex: { env: context.env, ...codex },
  }, options);
  assert.deepEqual([code, stderr], [0, ""]);
  return reports[0]?.finalResponse ?? reports[0]?.code;
}

/** Installs a fake CLI as npm does: a launcher, and the binary in the package for each system. */
function installFake(context: TestContext, text: string): void {
  mkdirSync(context.path("project/node_modules/@openai/codex/bin"), {
    recursive: true,
  });
  const vendor = context.path("vendor");
  for (
    const triple of [
      "x86_64-unknown-linux-musl",
      "aarch64-unknown-linux-musl",
      "x86_64-apple-darwin",
      "aarch64-apple-darwin",
    ]
  ) answering(context, `vendor/${triple}/bin`, text);
  for (
    const system of ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"]
  ) {
    const folder = `project/node_modules/@openai/codex-${system}`;
    mkdirSync(context.path(folder));
    symlinkSync(vendor, context.path(`${folder}/vendor`));
  }
}

behaviour(
  "The CLI is found in the npm package that is installed for the program",
  async (context) => {
    installFake(context, "near");
    const host = ownProject(context, "project/deep/down");
    for (const cwd of [context.folder, context.path("project")]) {
      assert.equal(await readAnswer(context, {}, { ...host, cwd }), "near");
    }
    // Started through a link, the program is still searched from by its real path.
    mkdirSync(context.path("links"));
    const program = context.path("links/main.mjs");
    symlinkSync(host.program ?? "", program);
    assert.equal(await readAnswer(context, {}, { ...host, program }), "near");
  },
  { clients: EXEC },
);

behaviour(
  "A CLI in or above the working directory is not run",
  async (context) => {
    installFake(context, "a stranger's");
    answering(context, "project/deep", "a stranger's, too");
    answering(context, "own", "own");
    const cwd = context.path("project/deep");
    // The first three entries mean the working directory, twice, and a folder in it.
    const PATH = `:.:bin:${context.path("own")}:${process.env.PATH}`;
    const host = { cwd, env: { PATH } };
    assert.equal(
      await readAnswer(context, { codexPathOverride: "codex" }, host),
      "own",
    );
    // By default, the CLI that is installed next to the package runs.
    const { model, env, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("the real one")),
    ]);
    const { code, reports, stderr } = await runHost(context, TURN, {
      codex: { env, config: model.config },
      thread: inRepo,
    }, host);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(reports[0]?.finalResponse, "the real one");
  },
  { clients: EXEC },
);

behaviour(
  "CODEX_PATH takes precedence over the npm package",
  async (context) => {
    installFake(context, "near");
    const CODEX_PATH = answering(context, "elsewhere", "named");
    const host = ownProject(context, "project");
    const env = { CODEX_PATH };
    assert.equal(await readAnswer(context, {}, { ...host, env }), "named");
    const codexPathOverride = answering(context, "override", "override");
    assert.equal(
      await readAnswer(context, { codexPathOverride }, { ...host, env }),
      "override",
    );
  },
  { clients: EXEC },
);

behaviour(
  "A codexPathOverride that is a name is looked up on PATH",
  async (context) => {
    answering(context, "bin", "on PATH");
    const PATH = `${context.path("bin")}:${process.env.PATH}`;
    const codexPathOverride = "codex";
    assert.equal(
      await readAnswer(context, { codexPathOverride }, { env: { PATH } }),
      "on PATH",
    );
    assert.equal(
      await readAnswer(context, { codexPathOverride: "no-such-codex" }, {
        env: { PATH },
      }),
      "executable_not_found",
    );
  },
  { clients: EXEC },
);

behaviour(
  "Properties of Object.prototype are not read as options",
  async (context) => {
    const polluted = {
      sandboxMode: "danger-full-access",
      approvalPolicy: "never",
      additionalDirectories: ["/polluted"],
      networkAccessEnabled: true,
      model: "polluted",
      cyberAccessProgram: "polluted",
      outputSchema: { type: "object" },
    };
    const fake = fakeCli(context, ["record", printTurn("done")]);
    for (const [name, value] of Object.entries(polluted)) {
      Object.defineProperty(Object.prototype, name, {
        value,
        configurable: true,
        writable: true,
      });
      context.after(() => Reflect.deleteProperty(Object.prototype, name));
    }
    const turn = await fake.codex.startThread({}).run("Hi", {});
    assert.equal(turn.finalResponse, "done");
    assert.deepEqual(fake.requests[0]?.argv, ["exec", "--experimental-json"]);
  },
  { clients: EXEC },
);
