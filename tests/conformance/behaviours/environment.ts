/**
 * A host that does not give what a turn needs: a folder for temporary files, the
 * program's own working directory, files that may be looked at.
 *
 * @module
 */

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { behaviour, EXEC } from "../support/behaviour.ts";
import { CLIENT } from "../support/client.ts";
import { printTurn, script, writeProgram } from "../../../src/testing/fake.ts";
import { fakeCli } from "../support/fake_cli.ts";
import {
  type HostOptions,
  hostPath,
  runHost,
  RUNTIME,
} from "../support/host.ts";
import { modelAnswer, modelMessage } from "@acodex/sdk/testing";
import { realCli } from "../support/real_cli.ts";
import type { TestContext } from "../support/test_context.ts";

/** A GIF of one pixel. */
const GIF = Buffer.from(
  "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
  "base64",
);

/** The host that runs a turn with the client in question. */
const TURN = CLIENT === "async" ? "turn" : "turn_sync";

/** What a host says of a turn. */
type Report = { readonly [key: string]: unknown };

/** Runs a turn in a host, and gives what it says. */
async function readReport(
  context: TestContext,
  value: object,
  options: HostOptions,
): Promise<Report> {
  const { code, reports, stderr } = await runHost(
    context,
    TURN,
    value,
    options,
  );
  assert.deepEqual([code, stderr], [0, ""]);
  return reports[0] ?? {};
}

/** Checks that it says what could not be done, to which path, why, and what to do. */
function assertUnavailable(
  report: Report,
  path: string,
  systemCode: string,
  ...words: readonly string[]
): void {
  assert.deepEqual(
    [report.name, report.code, report.path, report.systemCode],
    ["CodexEnvironmentError", "host_unavailable", path, systemCode],
  );
  const text = String(report.message);
  for (const word of [systemCode, ...words]) {
    assert.ok(text.includes(word), `"${word}" is not in: ${text}`);
  }
}

/** Folders for temporary files that cannot be used, and the system's code for each. */
const TEMPORARY: readonly [
  what: string,
  make: (context: TestContext) => string,
  code: string,
][] = [
  ["missing", (context) => context.path("missing"), "ENOENT"],
  ["a file", (context) => {
    writeFileSync(context.path("file"), "");
    return context.path("file");
  }, "ENOTDIR"],
  ["in a circle of links", (context) => {
    symlinkSync("circle", context.path("circle"));
    return context.path("circle");
  }, "ELOOP"],
];

for (const [what, make, code] of TEMPORARY) {
  behaviour(
    `A folder for temporary files that is ${what} is told`,
    async (context) => {
      const { path, hasNote } = fakeCli(context, "note started yes");
      const codex = { codexPathOverride: path, env: context.env };
      const TMPDIR = make(context);
      const report = await readReport(
        context,
        { codex, outputSchema: { type: "object" } },
        { env: { TMPDIR } },
      );
      assertUnavailable(report, TMPDIR, code, `"${TMPDIR}"`, "set TMPDIR");
      assert.ok(!hasNote("started"));
    },
    { clients: EXEC },
  );
}

behaviour(
  "A folder for temporary files that may not be written to is told",
  async (context) => {
    const { path, hasNote } = fakeCli(context, "note started yes");
    const TMPDIR = context.path("closed");
    mkdirSync(TMPDIR);
    chmodSync(TMPDIR, 0o500);
    const report = await readReport(
      context,
      {
        codex: { codexPathOverride: path, env: context.env },
        outputSchema: { type: "object" },
      },
      { env: { TMPDIR }, withoutRoot: true },
    );
    assertUnavailable(report, TMPDIR, "EACCES", "permission denied");
    assert.ok(!hasNote("started"));
  },
  { clients: EXEC },
);

behaviour(
  "A turn with a workingDirectory needs nothing of the program's own, which is gone",
  async (context) => {
    const fake = fakeCli(context, ["record", printTurn("done")]);
    const cwd = context.path("gone");
    mkdirSync(cwd);
    const there = context.path("there");
    mkdirSync(there);
    const report = await readReport(context, {
      codex: { codexPathOverride: fake.path, env: context.env },
      thread: { workingDirectory: there, skipGitRepoCheck: true },
      outputSchema: { type: "object" },
      removeCwd: true,
    }, { cwd });
    assert.equal(report.finalResponse, "done");
    const [run] = fake.requests;
    assert.equal(run?.workingDirectory, there);
    assert.ok(run?.argv.join(" ").includes(`--cd ${there} `));
  },
  // Node and Deno start no worker there; see below.
  { clients: ["async"] },
);

behaviour(
  // Facts R25.
  "The blocking client is told at once that the program's own folder is gone, where it starts no thread then",
  async (context) => {
    const { path } = fakeCli(context, printTurn("done"));
    const cwd = context.path("gone");
    mkdirSync(cwd);
    const report = await readReport(context, {
      codex: { codexPathOverride: path, env: context.env },
      thread: { workingDirectory: context.folder, skipGitRepoCheck: true },
      removeCwd: true,
    }, { cwd });
    if (RUNTIME === "bun") assert.equal(report.finalResponse, "done");
    else assert.equal(report.code, "host_unavailable");
  },
  { clients: ["sync"] },
);

behaviour(
  "The real CLI runs a turn with a workingDirectory where the program's own is gone",
  async (context) => {
    const { model, env, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("Still there")),
    ]);
    const cwd = context.path("gone");
    mkdirSync(cwd);
    const report = await readReport(context, {
      codex: { config: model.config, env },
      thread: inRepo,
      removeCwd: true,
    }, { cwd });
    assert.equal(report.finalResponse, "Still there");
  },
  { clients: ["async"] },
);

behaviour(
  "A turn in the program's own folder, or in one named from it, is told that it is gone",
  async (context) => {
    const { path, hasNote } = fakeCli(context, "note started yes");
    const cwd = context.path("gone");
    for (const workingDirectory of [undefined, "below"]) {
      mkdirSync(cwd);
      const report = await readReport(context, {
        codex: { codexPathOverride: path, env: context.env },
        thread: { workingDirectory, skipGitRepoCheck: true },
        removeCwd: true,
      }, { cwd });
      assert.equal(report.code, "host_unavailable");
      assert.equal(report.systemCode, "ENOENT");
      assert.match(String(report.message), /set workingDirectory/);
    }
    assert.ok(!hasNote("started"));
  },
  { clients: EXEC },
);

behaviour(
  // Facts F37.
  "A turn in a folder named from the program's own starts there, with all that is named from it",
  async (context) => {
    const fake = fakeCli(context, [
      "record",
      script('echo "${CODEX_HOME:-none}" > "$FAKE_HOME/home"'),
      printTurn("done"),
    ]);
    mkdirSync(context.path("project/below"), { recursive: true });
    const cwd = context.path("project");
    symlinkSync(fake.path, context.path("project/my-codex"));
    const report = await readReport(context, {
      codex: {
        codexPathOverride: "./my-codex",
        env: { ...context.env, CODEX_HOME: "home" },
      },
      thread: { workingDirectory: "below", skipGitRepoCheck: true },
      outputSchema: { type: "object" },
    }, { cwd, env: { TMPDIR: "." } });
    assert.equal(report.finalResponse, "done");
    assert.equal(
      fake.requests[0]?.workingDirectory,
      context.path("project/below"),
    );
    assert.equal(await fake.note("home"), context.path("project/home"));
  },
  { clients: EXEC },
);

behaviour(
  "What may not be looked at is told from what is not there",
  async (context) => {
    const closed = context.path("closed");
    mkdirSync(closed);
    const program = context.path("closed/codex");
    writeProgram(program, "#!/bin/sh\n");
    writeFileSync(context.path("closed/image.png"), "GIF89a");
    chmodSync(closed, 0o000);
    context.after(() => chmodSync(closed, 0o700));
    const codex = { codexPathOverride: program, env: context.env };
    const host = { withoutRoot: true };
    const named = await readReport(context, { codex }, host);
    assertUnavailable(named, program, "EACCES", "permission denied");
    const { path } = fakeCli(context, "exit 0");
    const fake = { codexPathOverride: path, env: context.env };
    const folder = await readReport(context, {
      codex: fake,
      thread: { workingDirectory: `${closed}/below` },
    }, host);
    assert.equal(folder.path, "workingDirectory");
    assert.match(String(folder.message), /permission denied \(EACCES\)$/);
    const image = await readReport(context, {
      codex: fake,
      input: [
        { type: "text", text: "Look" },
        { type: "local_image", path: `${closed}/image.png` },
      ],
    }, host);
    assert.equal(image.path, "input[1].path");
    assert.match(String(image.message), /permission denied \(EACCES\)$/);
  },
  { clients: EXEC },
);

behaviour(
  // Facts R26.
  "What Node's permissions forbid is named by the flag that grants it",
  async (context) => {
    if (RUNTIME !== "node") {
      // There is nothing like them: Deno's own are tried for themselves.
      return assert.equal(process.permission, undefined);
    }
    const { path } = fakeCli(context, printTurn("done"));
    const image = context.path("image.png");
    writeFileSync(image, GIF);
    const value = {
      codex: { codexPathOverride: path, env: context.env },
      input: [
        { type: "text", text: "Look" },
        { type: "local_image", path: image },
      ],
      outputSchema: { type: "object" },
    };
    // Its own modules it has to read in any case.
    const sdk = fileURLToPath(import.meta.resolve("@acodex/sdk"));
    const modules = sdk.slice(0, sdk.lastIndexOf("@acodex"));
    const bundle = dirname(dirname(hostPath(TURN)));
    const isEarly = Number.parseInt(process.versions.node) < 23;
    const own = [
      isEarly ? "--experimental-permission" : "--permission",
      "--no-warnings",
      ...[modules, bundle].map((folder) =>
        `--allow-fs-read=${join(folder, "*")}`
      ),
    ];
    const outcome = async (granted: readonly string[]): Promise<unknown> => {
      const runtimeArgs = [...own, ...granted];
      const report = await readReport(context, value, { runtimeArgs });
      if (report.code === undefined) return report.finalResponse;
      assert.equal(report.name, "CodexPermissionError");
      assert.ok(String(report.message).includes(String(report.flag)));
      return report.flag;
    };
    // On a worker Node forbids nothing but the worker itself.
    const needed = CLIENT === "sync" ? ["--allow-worker"] : [
      `--allow-fs-read=${image}`,
      `--allow-fs-write=${process.env.TMPDIR}`,
      "--allow-child-process",
    ];
    const granted: string[] = [];
    for (const flag of needed) {
      assert.equal(await outcome(granted), flag);
      // A folder that is to be made has no name yet.
      granted.push(flag.startsWith("--allow-fs-write") ? `${flag}/*` : flag);
    }
    assert.equal(await outcome(granted), "done");
  },
  { clients: EXEC },
);
