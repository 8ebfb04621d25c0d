/**
 * Tests the CLI's output: framing, noise, unknown events.
 *
 * @module
 */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { CodexProtocolError, type ThreadEvent } from "@acodex/sdk";
import { behaviour, EXEC } from "../support/behaviour.ts";
import { CLIENT } from "../support/client.ts";
import { collect, rejection } from "../support/expect.ts";
import {
  completedTurn,
  print,
  prints,
  printTurn,
} from "../../../src/testing/fake.ts";
import { isRunning } from "../../../src/testing/processes.ts";
import { fakeCli } from "../support/fake_cli.ts";

behaviour(
  "U+2028 and similar characters do not end a line",
  async (context) => {
    const text = "a\u2028b\u2029c\u0085d\u000be";
    const { thread } = fakeCli(context, printTurn(text));
    assert.equal((await thread.run("Hi")).finalResponse, text);
  },
  { clients: EXEC },
);

behaviour("Lines may end in CRLF", async (context) => {
  const lines = completedTurn("fine").map((line) => `${line}\r`);
  const { thread } = fakeCli(context, ["read", print(...lines)]);
  const turn = await thread.run("Hi");
  assert.equal(turn.finalResponse, "fine");
  assert.deepEqual(turn.diagnostics, []);
}, { clients: EXEC });

behaviour("A character may be split between two chunks", async (context) => {
  const [started, begun, , completed] = completedTurn("");
  const { thread } = fakeCli(context, [
    "read",
    print(started ?? "", begun ?? ""),
    prints(
      '{"type":"item.completed","item":{"id":"a","type":"agent_message","text":"caf',
    ),
    prints(new Uint8Array([0xc3])),
    "sleep 0.2",
    prints(new Uint8Array([0xa9, 0x20, 0xf0, 0x9d])),
    "sleep 0.2",
    prints(new Uint8Array([0x95, 0x8f])),
    'line "}}',
    print(completed ?? ""),
  ]);
  assert.equal((await thread.run("Hi")).finalResponse, "café 𝕏");
}, { clients: EXEC });

behaviour("The last line may lack its line end", async (context) => {
  const lines = completedTurn("fine").join("\n");
  const { thread } = fakeCli(context, ["read", prints(lines)]);
  const turn = await thread.run("Hi");
  assert.equal(turn.finalResponse, "fine");
  assert.equal(turn.usage?.input_tokens, 10);
}, { clients: EXEC });

behaviour(
  "Noise is reported as a diagnostic and does not affect the turn",
  async (context) => {
    const [first = "", ...others] = completedTurn("fine");
    const { thread } = fakeCli(context, [
      "read",
      print("WARNING: odd", "", "  ", `\u001b[2K${first}`, "[1]", ...others),
    ]);
    const turn = await thread.run("Hi");
    assert.equal(turn.finalResponse, "fine");
    assert.notEqual(turn.threadId, null);
    assert.deepEqual(
      turn.diagnostics.map(({ kind, lineNumber, message }) => [
        kind,
        lineNumber,
        message,
      ]),
      [["noise", 1, "WARNING: odd"], ["noise", 5, "[1]"]],
    );
  },
  { clients: EXEC },
);

/** An event and an item of unknown kinds. */
const UNKNOWN = [
  { type: "moon.rose", phase: { full: true }, list: [1, null] },
  { type: "item.completed", item: { id: "x", type: "sonata", keys: 88 } },
];

/** Returns a completed turn that contains {@linkcode UNKNOWN}. */
function withUnknown(): string[] {
  const lines = completedTurn("fine");
  lines.splice(2, 0, ...UNKNOWN.map((event) => JSON.stringify(event)));
  return lines;
}

behaviour("Unknown events and items are delivered whole", async (context) => {
  const { thread } = fakeCli(context, ["read", print(...withUnknown())]);
  const streamed = await thread.runStreamed("Hi");
  const events: ThreadEvent[] = await collect(streamed);
  assert.deepEqual(events[2], {
    type: "unknown",
    event_type: "moon.rose",
    raw: UNKNOWN[0],
  });
  assert.deepEqual(events[3], {
    type: "item.completed",
    item: {
      type: "unknown",
      id: "x",
      item_type: "sonata",
      raw: UNKNOWN[1]?.item,
    },
  });
  const { diagnostics, finalResponse } = streamed.result;
  assert.equal(finalResponse, "fine");
  assert.deepEqual(diagnostics.map(({ kind, path }) => [kind, path]), [
    ["unknown", "/type"],
    ["unknown", "/item/type"],
  ]);
}, { clients: EXEC });

behaviour("strictEvents ends the turn at an unknown event", async (context) => {
  const { thread } = fakeCli(
    context,
    ["read", print(...withUnknown()), "stay"],
    { strictEvents: true },
  );
  const streamed = await thread.runStreamed("Hi");
  const types: string[] = [];
  const error = await rejection(
    (async () => {
      for await (const event of streamed.events) types.push(event.type);
    })(),
    CodexProtocolError,
  );
  // Earlier events are not lost.
  assert.deepEqual(types, ["thread.started", "turn.started"]);
  assert.match(error.message, /moon\.rose/);
  assert.equal(error.code, "unexpected_event");
  assert.equal(error.lineNumber, 3);
}, { clients: EXEC });

behaviour(
  "A line that is not valid JSON ends the turn and the CLI",
  async (context) => {
    const { thread, note } = fakeCli(context, [
      "pid pid",
      "read",
      print(...completedTurn("Hi").slice(0, 3), '{"type":"turn.'),
      "stay",
    ]);
    const streamed = await thread.runStreamed("Hi");
    const types: string[] = [];
    const error = await rejection(
      (async () => {
        for await (const event of streamed.events) types.push(event.type);
      })(),
      CodexProtocolError,
    );
    // Earlier events are not lost.
    assert.deepEqual(types, [
      "thread.started",
      "turn.started",
      "item.completed",
    ]);
    assert.equal(error.items.length, 1);
    assert.deepEqual([error.code, error.lineNumber, error.signal], [
      "invalid_json",
      4,
      "SIGINT",
    ]);
    assert.ok(!isRunning(Number(await note("pid"))));
  },
  { clients: EXEC },
);

// Facts R30.
for (const depth of [900, 4_000, 100_000]) {
  behaviour(
    `An event that is nested ${depth} levels deep does not lose the turn`,
    async (context) => {
      const nested = `${"[".repeat(depth)}${"]".repeat(depth)}`;
      const [begin = "", turn = "", ...rest] = completedTurn("done");
      const lines = context.path("lines");
      const { codex } = fakeCli(context, `file ${lines}`);
      writeFileSync(
        lines,
        [
          begin,
          turn,
          `{"type":"item.completed","item":{"id":"a","type":"new","v":${nested}}}`,
          ...rest,
          "",
        ].join("\n"),
      );
      const result = await codex.startThread().run("Hi");
      assert.equal(result.finalResponse, "done");
      const [first, second] = result.items;
      assert.deepEqual([first?.type, second?.type], [
        "unknown",
        "agent_message",
      ]);
      const crosses = CLIENT === "async" || depth < 1_000;
      assert.equal(Object.hasOwn(Object(first).raw, "v"), crosses);
      // A value that cannot be sent to a blocked thread is reported.
      assert.equal(
        result.diagnostics.some(({ message }) => /too deeply/.test(message)),
        !crosses,
      );
    },
    { clients: EXEC },
  );
}

behaviour(
  "A usage with something nested 20,000 levels deep does not lose the turn",
  async (context) => {
    const nested = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    const path = context.path("lines");
    const { codex } = fakeCli(context, `file ${path}`);
    const lines = completedTurn("done").map((line) =>
      line.replace('"usage":{', `"usage":{"new":${nested},`)
    );
    writeFileSync(path, `${lines.join("\n")}\n`);
    const { finalResponse, usage } = await codex.startThread().run("Hi");
    assert.equal(finalResponse, "done");
    assert.equal(usage?.input_tokens, 10);
  },
  { clients: EXEC },
);
