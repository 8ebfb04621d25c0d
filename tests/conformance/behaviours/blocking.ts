/**
 * Tests what only the blocking client promises: the blocked thread receives events while
 * its turn runs, can be cancelled, and ends cleanly. Most of it runs in a host, whose main
 * thread is the blocked one.
 *
 * @module
 */

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { modelAnswer, modelCommand, modelMessage } from "@acodex/sdk/testing";
import { temporaryFiles } from "../../../src/testing/temporary_files.ts";
import type { BlockingValue } from "../hosts/blocking.ts";
import type { InterruptValue } from "../hosts/interrupt.ts";
import { behaviour } from "../support/behaviour.ts";
import { inTime } from "../support/expect.ts";
import {
  completedTurn,
  type FakeSteps,
  print,
  printTurn,
  script,
} from "../../../src/testing/fake.ts";
import { fakeCli } from "../support/fake_cli.ts";
import { type HostOutcome, runHost } from "../support/host.ts";
import { findProcesses, isRunning } from "../../../src/testing/processes.ts";
import { realCli } from "../support/real_cli.ts";
import { type TestContext, until } from "../support/test_context.ts";

/** Options of behaviours that only the blocking client has. */
const ONLY = { clients: ["sync"] } as const;

/** The time that ending a turn may take on a busy machine, in ms; the CLI would run for far longer. */
const SOON_MS = 10_000;

/** Begins a turn, notes its process and runs for a minute. */
const ENDLESS: FakeSteps = [
  script('echo $$ > "$FAKE_HOME/pid$TURN"'),
  "read",
  print(...completedTurn("").slice(0, 2)),
  "stay",
];

/** A command that waits for a file, and gives up after a while. */
const AWAITING_GO =
  "n=0; until [ -e go ]; do n=$((n+1)); [ $n -gt 200 ] && exit 9; sleep 0.05; done";

/** Runs the `blocking` host and returns its report. */
async function readReport(
  context: TestContext,
  value: BlockingValue,
): Promise<HostOutcome["reports"][number]> {
  const { code, reports, stderr } = await runHost(context, "blocking", value);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(reports.length, 1);
  return reports[0] ?? {};
}

/** Runs the `blocking` host on a fake CLI. */
async function blockedByFake(
  context: TestContext,
  way: BlockingValue["way"],
  steps: FakeSteps,
): Promise<{ report: HostOutcome["reports"][number]; folder: string }> {
  const { path, folder } = fakeCli(context, steps);
  const codex = { codexPathOverride: path, env: context.env };
  return { report: await readReport(context, { way, codex, folder }), folder };
}

behaviour(
  // Facts R10.
  "A blocked thread has each event before the CLI prints the next",
  async (context) => {
    const lines = completedTurn("fine");
    const { report } = await blockedByFake(
      context,
      "each_taken",
      [
        "read",
        // Events that are delivered together at the end would be too late for it.
        lines.map((line, index): FakeSteps => [
          print(line),
          `await taken-${index}`,
        ]),
      ],
    );
    assert.deepEqual(report.types, [
      "thread.started",
      "turn.started",
      "item.completed",
      "turn.completed",
    ]);
    assert.equal(report.finalResponse, "fine");
  },
  ONLY,
);

behaviour(
  "A blocked thread receives a command's events while the command runs",
  async (context) => {
    const { model, env, repo, inRepo } = await realCli(context, [
      modelAnswer(modelCommand(`${AWAITING_GO}; echo went`)),
      modelAnswer(modelMessage("Done")),
    ]);
    const { items } = await readReport(context, {
      way: "command_runs",
      codex: { config: model.config, env },
      thread: inRepo,
      folder: repo,
    });
    const [item] = items as { [key: string]: unknown }[];
    assert.deepEqual([item?.exit_code, item?.aggregated_output], [0, "went\n"]);
  },
  ONLY,
);

behaviour(
  "A CancelFlag set by another thread ends the turn of a blocked thread",
  async (context) => {
    const { report, folder } = await blockedByFake(context, "flag", ENDLESS);
    const { took, ...failure } = report;
    assert.deepEqual(failure, {
      name: "AbortError",
      code: "ABORT_ERR",
      message: "Turn cancelled",
      cause: "The CancelFlag has been set",
      isSet: true,
    });
    assert.ok(Number(took) < SOON_MS, `It took ${took} ms`);
    assert.ok(!isRunning(Number(readFileSync(`${folder}/pid`, "utf8"))));
  },
  ONLY,
);

// Facts R36.
for (
  const [blocks, log] of [
    ["main", ["turn_timeout", "handler"]],
    ["worker", ["handler", "ABORT_ERR"]],
  ] as const
) {
  behaviour(
    `A handler for SIGINT runs ${
      blocks === "main"
        ? "after the turn that blocks its thread"
        : "while a worker is blocked, and ends the turn by a flag"
    }`,
    async (context) => {
      const { path, folder } = fakeCli(context, ENDLESS);
      const value: InterruptValue = {
        blocks,
        codex: { codexPathOverride: path, env: context.env },
        folder,
      };
      const { code, reports, stderr } = await runHost(
        context,
        "interrupt",
        value,
      );
      assert.deepEqual([code, stderr, reports], [0, "", [{ log }]]);
    },
    ONLY,
  );
}

behaviour("Limits end the turn of a blocked thread", async (context) => {
  const { report } = await inTime(
    2 * SOON_MS,
    () => blockedByFake(context, "limits", ENDLESS),
  );
  assert.deepEqual(report, {
    timeout: ["CodexTimeoutError", "turn_timeout", 400],
    idleTimeout: ["CodexIdleTimeoutError", "idle_timeout", 401],
  });
}, ONLY);

behaviour(
  "However a blocked thread leaves its loop, the CLI is ended",
  async (context) => {
    const { report, folder } = await blockedByFake(
      context,
      "endings",
      ENDLESS,
    );
    const { leftResult, ...others } = report;
    assert.equal(Object(leftResult).name, "CodexThreadStreamNotConsumedError");
    assert.deepEqual(others, {
      again: 0,
      isMine: true,
      afterDisposal: true,
      runningAfter: { left: false, thrown: false, disposed: false },
    });
    assert.ok(!readdirSync(folder).includes("pidunused"));
  },
  ONLY,
);

behaviour(
  "A blocked thread gets each event once, and the result at the end",
  async (context) => {
    const { report } = await blockedByFake(
      context,
      "completed",
      printTurn('{"n":2}'),
    );
    const { shown, ...others } = report;
    const [thread = "", before = "", after = ""] = shown as string[];
    assert.match(thread, /^ThreadSync \{\s*id: null/);
    assert.match(before, /^StreamedTurnSync \{\s*status: ["']not started["']/);
    assert.match(after, /status: ["']completed["'],\s*result: Turn \{/);
    assert.deepEqual(others, {
      events: 4,
      unfinished: ["stream_not_consumed"],
      again: 0,
      next: { done: true },
      isSame: true,
      structuredResponse: { n: 2 },
    });
  },
  ONLY,
);

behaviour(
  "Within a blocking loop another thread's turn runs, and one of the same thread is rejected",
  async (context) => {
    const { model, env, repo, inRepo } = await realCli(
      context,
      ({ prompt }) => modelAnswer(modelMessage(`Answer to ${prompt}`)),
    );
    const report = await readReport(context, {
      way: "nested",
      codex: { config: model.config, env },
      thread: inRepo,
      folder: repo,
    });
    assert.deepEqual(report, {
      inner: ["invalid_input", "thread", "Answer to other", true],
      outer: "Answer to outer",
      after: "Answer to after",
    });
    const prompts = model.requests.map(({ prompt }) => prompt);
    assert.deepEqual(prompts.sort(), ["after", "other", "outer"]);
    const after = model.requests.find(({ prompt }) => prompt === "after");
    assert.match(after?.text ?? "", /Answer to outer/);
    assert.doesNotMatch(after?.text ?? "", /Answer to other/);
  },
  ONLY,
);

behaviour(
  "Inputs that need waiting are rejected on a blocked thread before the CLI is started",
  async (context) => {
    const { report, folder } = await blockedByFake(context, "refused", ENDLESS);
    const [signal, blob] = [Object(report.signal), Object(report.blob)];
    assert.deepEqual([signal.code, signal.path], ["invalid_input", "signal"]);
    assert.match(signal.message, /CancelFlag\.fromSignal/);
    assert.equal(blob.code, "invalid_input");
    assert.match(blob.message, /Blob; pass its bytes/);
    assert.deepEqual(
      readdirSync(folder).sort(),
      ["codex", "codex.1.sh", "codex.steps"],
    );
  },
  ONLY,
);

behaviour(
  "The blocked thread calls the apiKey function for each turn, and rejects a promise",
  async (context) => {
    const { model, env, repo, inRepo } = await realCli(
      context,
      () => modelAnswer(modelMessage("ok")),
    );
    const report = await readReport(context, {
      way: "keys",
      codex: { config: model.config, env },
      thread: inRepo,
      folder: repo,
    });
    assert.deepEqual(report.responses, ["ok", "ok"]);
    assert.deepEqual(
      model.requests.map(({ headers }) => headers.authorization),
      ["Bearer sk-of-turn-number-1", "Bearer sk-of-turn-number-2"],
    );
    for (const name of ["async", "rejected", "thrown", "none"]) {
      const { code, path, message, cause } = Object(report[name]);
      const isAsync = name === "async" || name === "rejected";
      assert.equal(code, isAsync ? "unsupported_option" : "invalid_input");
      assert.equal(path, "apiKey");
      assert.doesNotMatch(message, /sk-secret|closed/);
      assert.equal(cause, name === "thrown" ? "closed" : undefined);
    }
  },
  ONLY,
);

behaviour(
  "The output type validates on the blocked thread, and an invalid answer is repaired",
  async (context) => {
    const { model, env, repo, inRepo } = await realCli(context, [
      modelAnswer(modelMessage('{"n":3}')),
      modelAnswer(modelMessage('{"n":4}')),
    ]);
    const report = await readReport(context, {
      way: "repair",
      codex: { config: model.config, env },
      thread: inRepo,
      folder: repo,
    });
    assert.deepEqual(report.response, { n: 4 });
    assert.deepEqual(report.attempts, [['{"n":3}', "/n"], ['{"n":4}', null]]);
    const judged = report.judged as [number, boolean][];
    assert.deepEqual([...new Set(judged.map(([n]) => n))], [3, 4]);
    assert.ok(judged.every(([, isMainThread]) => isMainThread));
    assert.match(model.requests[1]?.prompt ?? "", /must be even/);
  },
  ONLY,
);

behaviour(
  // Facts R20.
  "A blocked thread's turns see changes to the host's environment and working directory",
  async (context) => {
    const look = modelAnswer(modelCommand("echo $CONFORMANCE_SEEN in $PWD"));
    const seen = modelAnswer(modelMessage("Seen"));
    const { model, env, repo, inRepo } = await realCli(
      context,
      [look, seen, look, seen],
    );
    for (const name of ["first", "second"]) mkdirSync(`${repo}/${name}`);
    const report = await readReport(context, {
      way: "changes",
      codex: { config: model.config, env, envMode: "merge" },
      thread: { ...inRepo, workingDirectory: undefined },
      folder: repo,
    });
    assert.deepEqual(report.seen, [
      [`first in ${repo}/first\n`],
      [`second in ${repo}/second\n`],
    ]);
  },
  ONLY,
);

for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
  behaviour(
    `A blocked host that is ended by ${signal} leaves nothing`,
    async (context) => {
      const { path, folder, note } = fakeCli(context, ENDLESS);
      const value: BlockingValue = {
        way: "wait",
        codex: { codexPathOverride: path, env: context.env },
        folder,
      };
      const running = runHost(context, "blocking", value, {
        env: { TMPDIR: context.folder },
      });
      const host = Number(await note("host"));
      const { code, reports } = await inTime(SOON_MS, async () => {
        process.kill(host, signal);
        return await running;
      });
      // It was ended by a signal, and printed nothing.
      assert.deepEqual([code, reports], [null, []]);
      await until(
        "nothing of the turn is left",
        () =>
          findProcesses(context.folder).length === 0 &&
          temporaryFiles(context.folder).length === 0,
      );
    },
    ONLY,
  );
}
