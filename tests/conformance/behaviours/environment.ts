/**
 * Tests hosts that lack what a turn needs: a usable folder for temporary files, the
 * program's working directory, readable files.
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

/** The host that runs a turn with the client under test. */
const TURN = CLIENT === "async" ? "turn" : "turn_sync";

/** A host's report of a turn. */
type Report = { readonly [key: string]: unknown };

/** Runs a turn in a host and returns its report. */
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

/** Checks that a report says what failed, for which path, why, and what to do. */
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

/** Folders for temporary files that cannot be used, each with its system error code. */
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
    `A folder for temporary files that is ${what} is reported with its path`,
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
  "A folder for temporary files that is not writable is reported with its path",
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
  "A turn with a workingDirectory runs after the program's own was removed",
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
  // Node and Deno cannot start a worker there; see below.
  { clients: ["async"] },
);

behaviour(
  // Facts R25.
  "The blocking client reports that the program's folder was removed, if the runtime cannot start a thread there",
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
  "The real CLI runs a turn with a workingDirectory after the program's own was removed",
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
  "A turn in the program's folder, or in one relative to it, reports that the folder was removed",
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
  "A relative workingDirectory, CLI path, CODEX_HOME and TMPDIR are resolved from the program's folder",
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
  "A path that may not be read is reported as such, not as missing",
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
  "A permission that Node's permission model denies is reported with the flag that grants it",
  async (context) => {
    if (RUNTIME !== "node") {
      // Only Node has this model; Deno's permissions have tests of their own in tests/e2e.
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
    // The host has to read its modules in any case.
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
    // On a worker Node denies only the worker itself.
    const needed = CLIENT === "sync" ? ["--allow-worker"] : [
      `--allow-fs-read=${image}`,
      `--allow-fs-write=${process.env.TMPDIR}`,
      "--allow-child-process",
    ];
    const granted: string[] = [];
    for (const flag of needed) {
      assert.equal(await outcome(granted), flag);
      // The folder that is to be created has no name yet.
      granted.push(flag.startsWith("--allow-fs-write") ? `${flag}/*` : flag);
    }
    assert.equal(await outcome(granted), "done");
  },
  { clients: EXEC },
);
