import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import {
  Codex,
  CodexCancelledError,
  CodexError,
  CodexInputError,
  CodexTurnError,
  type Thread,
  type Turn,
} from "../../../mod.ts";
import {
  agentMessage,
  commandExecution,
  ends,
  errorEvent,
  exits,
  failure,
  fakeCodex,
  fakeCodexAppServer,
  hang,
  modelAnswer,
  modelCommand,
  modelMessage,
  modelReasoning,
  pause,
  type PlayedTurn,
  record,
  replay,
  ScriptedModel,
  structuredAnswer,
  unknownEvent,
  unknownItem,
  usage,
  written,
} from "../../../testing.ts";
import { OPEN } from "../../../src/testing/real_cli.ts";

async function withFolder(
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns all of a turn except what depends on ids and the clock. */
function pickFacts({ durationMs: _, threadId: __, ...turn }: Turn): object {
  return { ...turn };
}

async function recorded(
  thread: Thread,
  file: string,
  options = {},
): Promise<Turn> {
  return await record(await thread.runStreamed("Go", options), file);
}

Deno.test("A real turn is replayed to the same turn", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/turn.jsonl`;
    const model = await ScriptedModel.start(
      (request) =>
        request.toolOutputs.length > 0
          ? modelAnswer(modelReasoning("Hm"), modelMessage("Done"))
          : modelAnswer(modelCommand("echo $((6 * 7))")),
    );
    try {
      const thread = new Codex(model.options()).startThread(OPEN);
      const turn = await recorded(thread, file);
      const again = await replay(file).startThread().run("Go");
      assertEquals(turn.items.length, 3);
      assertEquals(pickFacts(again), pickFacts(turn));
      // The second turn of a thread: its own share of tokens is taken from the
      // recording.
      const second = await recorded(thread, `${folder}/second.jsonl`);
      const id = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";
      const resumed = await replay(`${folder}/second.jsonl`)
        .resumeThread(id).run("Go");
      assertEquals(resumed.threadId, id);
      assertEquals(pickFacts(resumed), pickFacts(second));
      assert(second.turnUsage !== null);
    } finally {
      await model.close();
    }
  });
});

Deno.test("The attempts of a turn are replayed", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/turn.jsonl`;
    const options = {
      outputType: {
        schema: {
          type: "object",
          properties: { n: { type: "number" } },
        },
        parse: (value: unknown) => (value as { n: number }).n.toFixed(),
      },
      repair: 1,
    };
    const codex = fakeCodex([[structuredAnswer({})], [
      structuredAnswer({ n: 1 }),
    ]]);
    const turn = await recorded(codex.startThread(), file, options);
    const again = await replay(file).startThread().runStreamed("Go");
    const events = await Array.fromAsync(again);
    assertEquals(
      events.filter(({ type }) =>
        type === "attempt.started" || type === "unknown"
      ),
      [{
        type: "attempt.started",
        attempt: 2,
        max_attempts: 2,
        issues: turn.attempts[0]?.error?.issues ?? [],
      }],
    );
    assertEquals(again.result.items, turn.items);
    assertEquals(again.result.diagnostics, []);
  });
});

Deno.test("A turn's diagnostics and warnings are replayed", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/turn.jsonl`;
    const codex = fakeCodex([[
      {
        play: "batch",
        batch: {
          events: [],
          warnings: ["A warning of the transport"],
          diagnostics: [
            { kind: "noise", lineNumber: 2, path: "", message: "WARN" },
          ],
        },
      },
      unknownEvent({ type: "turn.paused", why: 1 }),
      unknownItem({ id: "x", type: "dance", step: [1] }),
      errorEvent("Reconnecting... 1/5"),
      agentMessage("Done"),
      usage({ output_tokens: 3 }),
    ]]);
    const turn = await recorded(codex.startThread(), file);
    assertEquals(turn.diagnostics.length, 3);
    assertEquals(turn.warnings.length, 2);
    const again = await replay(file).startThread().run("Go");
    assertEquals(pickFacts(again), pickFacts(turn));
    // As the CLI printed them, for a version of the package that knows them.
    assertMatch(
      readFileSync(file, "utf8"),
      /"event":\{"type":"turn.paused","why":1\}/,
    );
  });
});

/** Turns that fail. */
const ENDINGS: Record<string, [PlayedTurn, object?]> = {
  "a failure": [[agentMessage("Half"), failure("rate_limit")]],
  "an exit": [[agentMessage("Half"), exits({ stderr: "Error: No luck\n" })]],
  "an exit without an error": [[agentMessage("Half"), exits({ exitCode: 0 })]],
  "a time limit": [[agentMessage("Half"), hang()], { timeoutMs: 5 }],
  "an idle time limit": [[agentMessage("Half"), hang()], { idleTimeoutMs: 5 }],
  "an interruption": [
    [agentMessage("Half"), ends({ type: "interrupted", process: null })],
  ],
  "an invalid line": [
    [
      agentMessage("Half"),
      ends({
        type: "protocol_error",
        problem: { code: "invalid_json", lineNumber: 4, message: "No JSON" },
        process: null,
      }),
    ],
  ],
};

for (const [what, [turn, options]] of Object.entries(ENDINGS)) {
  Deno.test(`A turn that ended by ${what} is replayed to the same error`, async () => {
    await withFolder(async (folder) => {
      const file = `${folder}/turn.jsonl`;
      const run = (thread: Thread) => recorded(thread, file, options);
      const error = await assertRejects(() =>
        run(fakeCodex([turn]).startThread())
      );
      const again = await assertRejects(() =>
        replay(file).startThread().run("Go")
      );
      assert(
        error instanceof CodexTurnError && again instanceof CodexTurnError,
      );
      assertStrictEquals(again.constructor, error.constructor);
      assertEquals(again.message, error.message);
      assertEquals({ ...again, stack: 0, threadId: 0 }, {
        ...error,
        stack: 0,
        threadId: 0,
      });
      assertEquals(again.items, error.items);
      assertEquals(again.stderr, error.stderr);
    });
  });
}

Deno.test("An abort is replayed as an abort, and any other error by its code", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/turn.jsonl`;
    const signal = AbortSignal.timeout(5);
    const thread = fakeCodex([[agentMessage("Half"), hang()]]).startThread();
    await assertRejects(
      () => recorded(thread, file, { signal }),
      CodexCancelledError,
    );
    await assertRejects(
      () => replay(file).startThread().run("Go"),
      CodexCancelledError,
    );
    await assertRejects(() => recorded(fakeCodex([]).startThread(), file));
    const again = await replay(file).startThread().run("Go").catch((e) => e);
    assert(again instanceof CodexError);
    assertEquals(again.code, "invalid_input");
  });
});

Deno.test("A recording is replayed at its original speed or at once", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/turn.jsonl`;
    const slow = [agentMessage("1"), pause(150), agentMessage("2")];
    await recorded(fakeCodex([slow]).startThread(), file);
    const begun = performance.now();
    await replay(file).startThread().run("Go");
    const atOnce = performance.now() - begun;
    const turn = await replay(file, { atSpeed: true }).startThread().run("Go");
    assert(turn.durationMs >= 140, `${turn.durationMs}`);
    assert(atOnce < turn.durationMs);
  });
});

Deno.test("Deltas are recorded, and a turn on the server is replayed without them", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/turn.jsonl`;
    const codex = fakeCodexAppServer([[written(agentMessage("A b"))]]);
    const streamed = await codex.startThread().runStreamed("Go", {
      deltas: true,
    });
    const turn = await record(streamed, file);
    assertMatch(readFileSync(file, "utf8"), /item\.delta/);
    const again = await replay(file).startThread().run("Go");
    assertEquals(pickFacts(again), pickFacts(turn));
  });
});

Deno.test("Paths, ids, keys and matches of the caller's rules are scrubbed", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/turn.jsonl`;
    const id = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";
    const key = ["sk", "proj", "0123456789abcdef"].join("-");
    const output = [
      `${Deno.cwd()}/src/mod.ts`,
      `${homedir()}/.ssh/id`,
      `${id} and ${id.toUpperCase()}`,
      `OPENAI_API_KEY=${key}`,
      `Authorization: Bearer ${"a1b2".repeat(8)}`,
      "order 4711",
    ].join("\n");
    const codex = fakeCodex([[
      commandExecution({ command: "env", aggregated_output: output }),
      exits({ stderr: `Error: ${key}` }),
    ]]);
    const streamed = await codex.resumeThread(id).runStreamed("Go");
    const scrub = [{ pattern: /order \d+/g, replacement: "order N" }];
    await assertRejects(() => record(streamed, file, { scrub }));
    const text = readFileSync(file, "utf8");
    for (const secret of [Deno.cwd(), homedir(), id, key, "a1b2", "4711"]) {
      assert(!text.toLowerCase().includes(secret.toLowerCase()), secret);
    }
    assertMatch(text, /\/project\/src\/mod\.ts/);
    assertMatch(text, /\/home\/user\/\.ssh\/id/);
    // Equal ids stay equal, and the recording still has a thread's id.
    assertMatch(text, /(00000000-0000-4000-8000-000000000001) and \1/);
    await assertRejects(() => replay(file).startThread().run("Go"), CodexError);
  });
});

Deno.test("A file that is not a recording is rejected, with the number of its line", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/bad.jsonl`;
    const run = () => replay(file).startThread().run("Go");
    const missing = await assertRejects(run, CodexInputError);
    assert(missing.cause instanceof Error);
    assertMatch(missing.message, /^Cannot read the recording ".*bad\.jsonl"$/);
    for (
      const [text, words] of [
        ["", /not a recording of this format/],
        ['{"recording":9}\n', /not a recording of this format/],
        ["{\n", /bad\.jsonl:1 is not a JSON object/],
        [`${HEAD}{"ms":1}\n`, /bad\.jsonl:2 is not an event/],
      ] as const
    ) {
      writeFileSync(file, text);
      assertMatch((await assertRejects(run, CodexInputError)).message, words);
    }
  });
});

const HEAD =
  '{"recording":1,"usageBefore":null,"warnings":[],"diagnostics":[],"ending":{"type":"exited","process":null}}\n';

Deno.test("Several recordings are replayed as several turns", async () => {
  await withFolder(async (folder) => {
    const files = ["1", "2"].map((name) => `${folder}/${name}.jsonl`);
    const codex = fakeCodex(["1", "2"].map((text) => agentMessage(text)));
    for (const file of files) await recorded(codex.startThread(), file);
    const again = replay(files);
    const texts = [];
    for (const _ of files) {
      texts.push((await again.startThread().run("Go")).finalResponse);
    }
    assertEquals(texts, ["1", "2"]);
    assertEquals(again.requests.length, 2);
  });
});
