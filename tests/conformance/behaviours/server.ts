/**
 * Tests what only the client over `codex app-server` does, on the real server.
 *
 * @module
 */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type ApprovalRequest,
  CodexInterruptedError,
  type ServerThread,
} from "@acodex/sdk/app-server";
import {
  modelAnswer,
  modelCommand,
  modelFunctionCall,
  modelMessage,
  type ModelOutputItem,
  modelReasoning,
} from "@acodex/sdk/testing";
import { findProcesses } from "../../../src/testing/processes.ts";
import { behaviour } from "../support/behaviour.ts";
import { rejection } from "../support/expect.ts";
import { runHost } from "../support/host.ts";
import { realCli } from "../support/real_cli.ts";
import { type TestContext, until } from "../support/test_context.ts";

/** Options of behaviours that only this client has. */
const ONLY = { clients: ["server"] } as const;

/** Builds a command that asks to leave its sandbox. */
function escalated(cmd: string): ModelOutputItem {
  return modelFunctionCall("exec_command", {
    cmd,
    sandbox_permissions: "require_escalated",
    justification: "May I?",
  });
}

behaviour(
  "A command that needs approval runs only if onApproval accepts it",
  async (context) => {
    for (const decision of ["accept", "decline"] as const) {
      const { codex, repo, inRepo } = await realCli(context, [
        modelAnswer(escalated("echo made > made.txt")),
        modelAnswer(modelMessage("Done")),
      ]);
      const asked: ApprovalRequest[] = [];
      const options = {
        ...inRepo,
        sandboxMode: "read-only" as const,
        onApproval: (request: ApprovalRequest) => {
          asked.push(request);
          return decision;
        },
      };
      const turn = await codex.startThread(options).run("Go");
      assert.equal(turn.finalResponse, "Done");
      assert.deepEqual(asked.map(({ type }) => type), ["command"]);
      assert.equal(existsSync(join(repo, "made.txt")), decision === "accept");
    }
  },
  ONLY,
);

behaviour(
  "Text is delivered in deltas if they are requested",
  async (context) => {
    const { codex, inRepo } = await realCli(context, [
      modelAnswer(modelReasoning("Thinking"), modelMessage("Hello there")),
    ]);
    const thread = codex.startThread(inRepo) as ServerThread;
    const streamed = await thread.runStreamed("Go", { deltas: true });
    const pieces = new Map<string, string>();
    const texts: string[] = [];
    for await (const event of streamed.events) {
      if (event.type === "item.delta") {
        const before = pieces.get(event.item_id) ?? "";
        pieces.set(event.item_id, before + event.delta);
      }
      if (event.type === "item.completed" && "text" in event.item) {
        texts.push(event.item.text);
        assert.equal(pieces.get(event.item.id), event.item.text);
      }
    }
    assert.deepEqual(texts, ["Thinking", "Hello there"]);
  },
  ONLY,
);

behaviour(
  "interrupt() ends a turn and its command, and the thread continues",
  async (context) => {
    const { codex, inRepo } = await realCli(context, [
      modelAnswer(modelCommand("sleep 61.5")),
      modelAnswer(modelMessage("Done")),
    ]);
    const thread = codex.startThread(inRepo) as ServerThread;
    const streamed = await thread.runStreamed("Go");
    const taken = (async () => {
      for await (const event of streamed.events) {
        if (event.type === "item.started") void streamed.interrupt();
      }
    })();
    await rejection(taken, CodexInterruptedError);
    await commandIsGone(context);
    assert.equal((await thread.run("Again")).finalResponse, "Done");
  },
  ONLY,
);

/** Waits until no command of the agent runs. */
async function commandIsGone(context: TestContext): Promise<void> {
  await until(
    "the end of the command",
    () =>
      !findProcesses(context.folder).some(({ command }) =>
        command.startsWith("sleep 61.5")
      ),
  );
}

for (const how of ["run", "close", "break"]) {
  behaviour(
    `A host exits after a turn on the server: ${how}`,
    async (context) => {
      const { codexOptions, inRepo } = await realCli(
        context,
        () =>
          modelAnswer(
            how === "break" ? modelCommand("sleep 61.5") : modelMessage("fine"),
          ),
      );
      const { code, stderr, endedAt, reports } = await runHost(
        context,
        "turn_server",
        { codex: { ...codexOptions, keepAliveMs: 500 }, thread: inRepo, how },
      );
      assert.deepEqual([code, stderr], [0, ""]);
      const last = reports.at(-1);
      assert.deepEqual(
        [last?.finalResponse, reports.length],
        how === "break" ? ["", 2] : ["fine", 1],
      );
      assert.ok(endedAt - Number(last?.at) < 10_000);
    },
    ONLY,
  );
}

for (const [how, exitCode] of [["exit", 7], ["throw", 1], ["kill", null]]) {
  behaviour(
    `A host that ends in the middle of a turn on the server leaves nothing: ${how}`,
    async (context) => {
      const { codexOptions, inRepo } = await realCli(
        context,
        () => modelAnswer(modelCommand("sleep 61.5 & sleep 61.5; true")),
      );
      const { code, reports } = await runHost(
        context,
        "turn_server",
        { codex: codexOptions, thread: inRepo, how },
      );
      assert.deepEqual(
        [code, reports],
        [exitCode, [{ started: "command_execution" }]],
      );
      await until(
        "nothing of the turn is left",
        () => findProcesses(context.folder).length === 0,
      );
    },
    ONLY,
  );
}
