/**
 * Tests what shows only in a separate host process: what the import touches, that the
 * host exits without help, and that no error is uncaught.
 *
 * @module
 */

import assert from "node:assert/strict";
import { temporaryFiles } from "../../../src/testing/temporary_files.ts";
import { behaviour, EXEC } from "../support/behaviour.ts";
import { CLIENT } from "../support/client.ts";
import {
  completedTurn,
  type FakeSteps,
  print,
  printTurn,
  script,
} from "../../../src/testing/fake.ts";
import { fakeCli } from "../support/fake_cli.ts";
import { type HostOutcome, runHost, RUNTIME } from "../support/host.ts";
import { endProcess, findProcesses } from "../../../src/testing/processes.ts";
import { type TestContext, until } from "../support/test_context.ts";

/** The time that an idle host may take to exit on a busy machine, in ms; its CLI would hold it for far longer. */
const EXIT_MS = 10_000;

/** The hosts that run a turn and that import the package, with the client under test. */
const [TURN, IMPORT_ONLY] = CLIENT === "async"
  ? ["turn", "import_only"]
  : ["turn_sync", "import_only_sync"];

const PRINT = printTurn("fine");
const ENDLESS: FakeSteps = [
  "read",
  print(...completedTurn("").slice(0, 2)),
  "stay",
];

/** Runs a turn of a fake CLI in a host, and checks that the host exits as soon as the turn is over. */
async function hostTurn(
  context: TestContext,
  steps: FakeSteps,
  how: "run" | "abort" | "break",
): Promise<
  HostOutcome["reports"][number] & { note(name: string): Promise<string> }
> {
  const { path, note } = fakeCli(context, steps);
  const codex = { codexPathOverride: path, env: context.env };
  const { code, reports, stderr, endedAt } = await runHost(context, TURN, {
    codex,
    how,
  });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(reports.length, 1);
  const late = endedAt - Number(reports[0]?.at);
  assert.ok(late < EXIT_MS, `The host exited after ${late} ms`);
  return { ...reports[0], note };
}

// Facts R21: a worker does not keep the host alive.
behaviour("A host exits after a completed turn", async (context) => {
  const { finalResponse } = await hostTurn(context, PRINT, "run");
  assert.equal(finalResponse, "fine");
}, { clients: EXEC });

behaviour("A host exits after a failed turn", async (context) => {
  const { code } = await hostTurn(context, "exit 3", "run");
  assert.equal(code, "exited");
}, { clients: EXEC });

behaviour("A host exits after an aborted turn", async (context) => {
  const { code } = await hostTurn(context, ENDLESS, "abort");
  assert.equal(code, "ABORT_ERR");
}, { clients: EXEC });

behaviour("A host exits after leaving the loop", async (context) => {
  const { left } = await hostTurn(context, ENDLESS, "break");
  assert.equal(left, true);
}, { clients: EXEC });

behaviour(
  "A host exits although a grandchild holds the pipes",
  async (context) => {
    const { finalResponse, note } = await hostTurn(
      context,
      ["hold both", PRINT],
      "run",
    );
    endProcess(Number(await note("held")));
    assert.equal(finalResponse, "fine");
  },
  { clients: EXEC },
);

behaviour(
  "A host exits when its CLI cannot be started",
  async (context) => {
    const { code, reports, stderr } = await runHost(context, TURN, {
      codex: { codexPathOverride: context.folder },
    });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(reports[0]?.code, "spawn_failed");
  },
  { clients: EXEC },
);

/** Runs a host that ends in the middle of its turn, and waits until its CLI is gone. */
async function endHost(
  context: TestContext,
  how: string,
): Promise<number | null> {
  const { path, hasNote } = fakeCli(context, ["note here here", ENDLESS]);
  const { code } = await runHost(context, TURN, {
    codex: { codexPathOverride: path, env: context.env },
    how,
    // Writes a temporary file, too.
    outputSchema: { type: "object" },
  }, { env: { TMPDIR: context.folder } });
  assert.ok(hasNote("here"));
  await until(
    "nothing of the turn is left",
    () =>
      findProcesses(context.folder).length === 0 &&
      temporaryFiles(context.folder).length === 0,
  );
  return code;
}

behaviour(
  "A host that exits in the middle of a turn leaves nothing",
  async (context) => {
    assert.equal(await endHost(context, "exit"), 7);
  },
  { clients: EXEC },
);

behaviour(
  // Facts R14.
  "A host with an uncaught error in the middle of a turn leaves nothing",
  async (context) => {
    assert.notEqual(await endHost(context, "throw"), 0);
  },
  { clients: EXEC },
);

behaviour(
  "A host that is killed in the middle of a turn leaves nothing",
  async (context) => {
    assert.equal(await endHost(context, "kill"), null);
  },
  { clients: EXEC },
);

// Facts R4.
behaviour("100 aborts at random moments leave nothing", async (context) => {
  const { path } = fakeCli(context, [
    script("sleep 0.0$(( $$ % 10 ))"),
    printTurn("{}"),
  ]);
  const { code, reports, stderr } = await runHost(context, "many_aborts", {
    codex: { codexPathOverride: path, env: context.env },
    turns: 100,
    latestMs: 300,
  }, { env: { TMPDIR: context.folder } });
  assert.deepEqual([code, stderr], [0, ""]);
  const { completed, aborted, listeners } = reports[0] ?? {};
  assert.equal(Number(completed) + Number(aborted), 100);
  assert.ok(Number(aborted) > 0, "no turn was aborted");
  assert.equal(listeners, 0);
  assert.deepEqual(temporaryFiles(context.folder), []);
}, { timeoutMs: 60_000, clients: EXEC });

behaviour(
  "Turns that share a signal leave no listener and no warning",
  async (context) => {
    const { path } = fakeCli(context, PRINT);
    const { code, reports, stderr } = await runHost(context, "shared_signal", {
      codex: { codexPathOverride: path, env: context.env },
      // Node 20 warns from the eleventh listener on (facts R17).
      atOnce: 13,
      inARow: 12,
    });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(reports[0]?.completed, 25);
    assert.equal(reports[0]?.listeners, 0);
    // Listeners were added, so their absence at the end means something.
    assert.ok(Number(reports[0]?.most) > 0);
  },
  { timeoutMs: 60_000, clients: EXEC },
);

behaviour(
  // Facts R29.
  "Only turns that find no free file descriptor fail, and later turns run",
  async (context) => {
    const { path } = fakeCli(context, ["sleep 0.3", PRINT]);
    const { code, reports, stderr } = await runHost(
      context,
      "few_descriptors",
      { codex: { codexPathOverride: path, env: context.env }, turns: 80 },
      { descriptors: 200 },
    );
    assert.deepEqual([code, stderr], [0, ""]);
    const { outcomes, later } = reports[0] ?? {};
    assert.ok(Array.isArray(outcomes));
    // Turns that began before the descriptors ran out complete.
    assert.deepEqual([...new Set(outcomes)].sort(), ["fine", "spawn_failed"]);
    assert.equal(outcomes.length, 80);
    assert.equal(later, "fine");
  },
  // A blocked thread runs one turn at a time: it would take many threads to run out.
  { timeoutMs: 60_000, clients: ["async"] },
);

behaviour(
  "Importing the package and creating a client touch nothing",
  async (context) => {
    const { code, reports, stderr } = await runHost(context, IMPORT_ONLY, {}, {
      env: { CODEX_PATH: context.folder },
      runtimeArgs: [],
    });
    assert.deepEqual([code, stderr], [0, ""]);
    const report = reports[0];
    assert.deepEqual(report?.atImport, []);
    if (RUNTIME === "deno") {
      // The host has no permissions: any access at import would have thrown.
      assert.equal(report?.code, "permission_denied");
    } else {
      assert.equal(report?.code, "spawn_failed");
      const inTurn = String(report?.inTurn);
      assert.match(
        inTurn,
        CLIENT === "async"
          ? /env.*node:child_process.*node:fs\/promises/
          // The client's worker does the rest.
          : /^node:fs,node:worker_threads$/,
      );
    }
  },
  { clients: EXEC },
);
