import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertLess,
  assertRejects,
} from "@std/assert";
import {
  CodexCancelledError,
  CodexError,
  CodexExecError,
  CodexIncompleteTurnError,
  CodexLineTooLongError,
  CodexProtocolError,
} from "../../mod.ts";
import {
  CodexInterruptedError,
  CodexRequestError,
  type ServerNotice,
} from "../../app_server.ts";
import { ANYWHERE, fakeServer, type FakeStep } from "../support/fake_server.ts";
import { MINUTE_MS, wait, withinMinute } from "../../src/testing/waiting.ts";

const END: FakeStep[] = [{ do: "say", text: "Done" }, { do: "end" }];
const BEGIN: FakeStep = { do: "begin" };

Deno.test("A line that is not valid JSON ends every turn, and the errors keep the items", async () => {
  await using fake = await fakeServer();
  const other = fake.codex.startThread(ANYWHERE).run(
    fake.prompt(BEGIN, { do: "wait", ms: 100_000 }),
  );
  const both = [
    other,
    fake.codex.startThread(ANYWHERE).run(
      fake.prompt(BEGIN, { do: "say", text: "Half" }, { do: "wait", ms: 200 }, {
        do: "print",
        text: '{"method": broken\n',
      }),
    ),
  ].map((turn) => assertRejects(() => turn, CodexProtocolError));
  const errors = await Promise.all(both);
  assertEquals(errors.map(({ code }) => code), [
    "invalid_json",
    "invalid_json",
  ]);
  assertEquals(errors[1]?.items.length, 1);
  assertEquals(
    (await fake.codex.startThread(ANYWHERE).run(fake.prompt(BEGIN, ...END)))
      .finalResponse,
    "Done",
  );
});

Deno.test("Noise, blank lines and malformed messages are ignored", async () => {
  await using fake = await fakeServer();
  const turn = await fake.codex.startThread(ANYWHERE).run(fake.prompt(
    BEGIN,
    { do: "print", text: "warning: something\n\n\r\n" },
    { do: "print", text: '{}\n{"id":999,"result":{}}\n{"id":null}\n' },
    { do: "print", text: '{"id":998,"error":"x"}\n{"method":5}\n' },
    { do: "print", text: '{"id":998,"error":[{"toString":1}]}\n' },
    {
      do: "print",
      text: '{"method":"x","params":{"threadId":{"toString":1}}}\n',
    },
    { do: "tell", method: "no/such/method", params: { a: 1 } },
    { do: "tell", method: "item/completed", params: { item: 7 } },
    { do: "tell", method: "item/completed", params: { item: { type: 7 } } },
    { do: "tell", method: "turn/completed", params: { turn: null } },
    ...END,
  ));
  assertEquals(turn.finalResponse, "Done");
});

Deno.test("An item of an unknown kind is delivered whole, or ends the turn with strictEvents", async () => {
  const steps: FakeStep[] = [BEGIN, {
    do: "tell",
    method: "item/completed",
    params: { item: { type: "newKind", id: "x", more: [1] } },
  }, ...END];
  {
    await using fake = await fakeServer();
    const turn = await fake.codex.startThread(ANYWHERE).run(
      fake.prompt(...steps),
    );
    assertEquals(turn.items[0], {
      id: "item_0",
      type: "unknown",
      item_type: "newKind",
      raw: { type: "newKind", id: "item_0", more: [1] },
    });
    assertEquals(turn.diagnostics.map(({ kind }) => kind), ["unknown"]);
  }
  await using fake = await fakeServer({}, { strictEvents: true });
  await assertRejects(
    () => fake.codex.startThread(ANYWHERE).run(fake.prompt(...steps)),
    CodexProtocolError,
  );
});

Deno.test("A line that is too long ends every turn", async () => {
  await using fake = await fakeServer({}, { maxLineBytes: 10_000 });
  await assertRejects(
    () =>
      fake.codex.startThread(ANYWHERE).run(
        fake.prompt(BEGIN, {
          do: "tell",
          method: "x",
          params: { a: "x".repeat(20_000) },
        }),
      ),
    CodexLineTooLongError,
  );
});

Deno.test("A server that dies in the middle of a line is reported as an exit, with its stderr", async () => {
  await using fake = await fakeServer();
  const error = await assertRejects(
    () =>
      fake.codex.startThread(ANYWHERE).run(
        fake.prompt(
          BEGIN,
          { do: "say", text: "Half" },
          { do: "print", text: '{"method":"turn/compl' },
          { do: "exit", code: 3, words: "Error: out of luck" },
        ),
      ),
    CodexExecError,
  );
  assertEquals([error.exitCode, error.items.length], [3, 1]);
  assert(error.message.includes("out of luck"));
});

Deno.test("A server that exits with 0 in the middle of a turn leaves it incomplete", async () => {
  await using fake = await fakeServer();
  await assertRejects(
    () =>
      fake.codex.startThread(ANYWHERE).run(
        fake.prompt(BEGIN, { do: "exit", code: 0 }),
      ),
    CodexIncompleteTurnError,
  );
});

/** Tells whether a time-out came from the start of the server. */
function isLateStart(error: unknown): boolean {
  return error instanceof CodexRequestError && error.method === "initialize";
}

for (
  const method of ["initialize", "thread/start", "turn/start", "config/read"]
) {
  Deno.test(`A server that never answers ${method} causes a time-out that names the method`, async () => {
    const failure = async (requestTimeoutMs: number): Promise<unknown> => {
      await using fake = await fakeServer({ mute: [method] }, {
        requestTimeoutMs,
        shutdownGraceMs: 300,
      });
      return await withinMinute(
        method,
        assertRejects(() =>
          fake.codex.startThread({
            ...ANYWHERE,
            sandboxMode: "workspace-write",
          }).run(fake.prompt(BEGIN))
        ),
      );
    };
    let error = await failure(400);
    // On a busy machine the server may start later than that.
    for (
      let ms = 800;
      ms < MINUTE_MS && method !== "initialize" && isLateStart(error);
      ms *= 2
    ) {
      error = await failure(ms);
    }
    assertInstanceOf(error, CodexRequestError);
    assertEquals([error.code, error.method], ["request_timeout", method]);
    assert(error.message.includes(method));
    assert(error.message.includes("requestTimeoutMs"));
  });
}

for (const method of ["thread/start", "turn/start"]) {
  Deno.test(`An error response to ${method} is a CodexRequestError with its code and data`, async () => {
    await using fake = await fakeServer({
      refuse: { [method]: { code: -32603, message: "no", data: { why: "x" } } },
    });
    const error = await assertRejects(
      () => fake.codex.startThread(ANYWHERE).run("[]"),
      CodexRequestError,
    );
    assertEquals(
      [error.code, error.method, error.rpcCode, error.data],
      ["request_refused", method, -32603, { why: "x" }],
    );
  });
}

for (
  const [method, result, missing] of [
    ["initialize", {}, "userAgent"],
    ["initialize", null, "userAgent"],
    ["thread/start", { thread: null }, "thread.id"],
    ["thread/start", { thread: { id: 7 } }, "thread.id"],
    ["turn/start", [], "turn.id"],
  ] as const
) {
  Deno.test(`A response ${JSON.stringify(result)} to ${method} is an error that names the missing field, for every turn`, async () => {
    await using fake = await fakeServer({ results: { [method]: result } });
    for (let turn = 0; turn < 2; turn++) {
      const error = await withinMinute(
        "the turn",
        assertRejects(
          () =>
            fake.codex.startThread(ANYWHERE).run(fake.prompt(BEGIN, ...END)),
          CodexProtocolError,
          `codex app-server answered ${method} without ${missing}`,
        ),
      );
      assertEquals(error.code, "unexpected_event");
    }
  });
}

Deno.test("A turn of a thread that is being unloaded waits until it is unloaded", async () => {
  await using fake = await fakeServer({ unloadMs: 500 }, {
    threadKeepAliveMs: 0,
  });
  const thread = fake.codex.startThread(ANYWHERE);
  for (let turn = 0; turn < 3; turn++) {
    await thread.run(fake.prompt(BEGIN, ...END));
    await wait(50);
  }
});

Deno.test("A turn runs on the thread that a stopped turn was still resuming", async () => {
  await using fake = await fakeServer({ late: { "thread/resume": [500] } }, {
    threadKeepAliveMs: 0,
  });
  // Starts the server first.
  await fake.codex.startThread(ANYWHERE).run(fake.prompt(BEGIN, ...END));
  const id = "01a204fd-5d2f-7c33-a821-7f8c92f2a0e5";
  const thread = fake.codex.resumeThread(id, ANYWHERE);
  const stopped = thread.run(fake.prompt(BEGIN, ...END), {
    signal: AbortSignal.timeout(200),
  });
  await assertRejects(() => stopped, CodexCancelledError);
  const turn = await withinMinute(
    "the turn",
    thread.run(fake.prompt(BEGIN, { do: "wait", ms: 1000 }, ...END)),
  );
  assertEquals(turn.finalResponse, "Done");
});

Deno.test("interrupt() of a turn that the server is still starting waits until the turn has ended", async () => {
  await using fake = await fakeServer({ late: { "turn/start": [800] } });
  const streamed = await fake.codex.startThread(ANYWHERE).runStreamed(
    fake.prompt(BEGIN, { do: "wait", ms: 100_000 }),
  );
  const happened: string[] = [];
  await streamed.events.next();
  const ended = assertRejects(async () => {
    for await (const event of streamed.events) happened.push(event.type);
  }, CodexInterruptedError);
  await wait(200);
  await withinMinute("the interruption", streamed.interrupt());
  happened.push("interrupted");
  await ended;
  assertEquals(happened, ["turn.started", "interrupted"]);
});

Deno.test("A turn that the server begins too late does not affect the next one", async () => {
  await using fake = await fakeServer({ late: { "turn/start": [0, 1000] } }, {
    requestTimeoutMs: 500,
    shutdownGraceMs: 300,
  });
  const thread = fake.codex.startThread(ANYWHERE);
  const go = fake.prompt(BEGIN, ...END);
  await thread.run(go);
  const late = thread.run(fake.prompt(
    BEGIN,
    { do: "say", text: "Late" },
    { do: "wait", ms: 3000 },
    { do: "end" },
  ));
  const error = await assertRejects(() => late, CodexRequestError);
  assertEquals(error.code, "request_timeout");
  const turn = await withinMinute("the turn", thread.run(go));
  assertEquals(turn.finalResponse, "Done");
});

Deno.test("A turn that begins while a server crashes gets another server", async () => {
  await using fake = await fakeServer();
  for (let round = 0; round < 5; round++) {
    const exit = fake.codex.startThread(ANYWHERE).run(
      fake.prompt(BEGIN, { do: "exit", code: 3 }),
    );
    const error = await assertRejects(() => exit, CodexExecError);
    assertEquals(error.exitCode, 3);
    const next = await fake.codex.startThread(ANYWHERE).run(
      fake.prompt(BEGIN, ...END),
    );
    assertEquals(next.finalResponse, "Done");
  }
});

Deno.test("close() does not wait for a server that never answers initialize", async () => {
  await using fake = await fakeServer({ mute: ["initialize"] });
  const turn = fake.codex.startThread(ANYWHERE).run(fake.prompt(...END));
  const failed = assertRejects(() => turn);
  await wait(1000);
  const begun = performance.now();
  await withinMinute("close()", fake.codex.close());
  // requestTimeoutMs is 30 s by default; the graces are shorter.
  assertLess(performance.now() - begun, 20_000);
  await failed;
});

Deno.test("A CLI that is too old is an error that names both versions", async () => {
  await using fake = await fakeServer({ version: "0.162.3" });
  const error = await assertRejects(
    () => fake.codex.startThread(ANYWHERE).run("[]"),
    CodexExecError,
  );
  assertEquals(error.code, "unsupported_cli");
  assert(/0\.162\.3.*0\.163\.0/.test(error.message));
});

Deno.test("If turn/completed is lost, the client asks for the turn's status", async () => {
  const lost: FakeStep[] = [BEGIN, { do: "say", text: "Done" }, { do: "idle" }];
  {
    await using fake = await fakeServer({
      turns: [{ id: "turn-1", status: "completed" }],
    });
    const turn = await fake.codex.startThread(ANYWHERE).run(
      fake.prompt(...lost),
    );
    assertEquals(turn.finalResponse, "Done");
  }
  await using fake = await fakeServer();
  const error = await assertRejects(
    () => fake.codex.startThread(ANYWHERE).run(fake.prompt(...lost)),
    CodexIncompleteTurnError,
  );
  assertEquals(error.items.length, 1);
});

Deno.test("A turn whose thread the server closes is incomplete, and other turns continue", async () => {
  await using fake = await fakeServer({
    mute: ["thread/unsubscribe"],
    refuse: {
      "thread/backgroundTerminals/list": { code: -32600, message: "not found" },
    },
  }, { shutdownGraceMs: 300 });
  const other = fake.codex.startThread(ANYWHERE).run(
    fake.prompt(BEGIN, { do: "wait", ms: 6000 }, ...END),
  );
  const closed = fake.codex.startThread(ANYWHERE).run(fake.prompt(
    BEGIN,
    { do: "say", text: "Half" },
    { do: "tell", method: "thread/closed", params: {} },
    { do: "wait", ms: 100_000 },
  ));
  const error = await withinMinute(
    "the turn",
    assertRejects(() => closed, CodexIncompleteTurnError),
  );
  assertEquals(error.items.length, 1);
  assertEquals((await other).finalResponse, "Done");
});

Deno.test("Notifications about other turns and other threads are ignored", async () => {
  await using fake = await fakeServer();
  const foreign = { item: { type: "agentMessage", id: "y", text: "Not mine" } };
  const turn = await fake.codex.startThread(ANYWHERE).run(fake.prompt(
    BEGIN,
    {
      do: "tell",
      method: "item/completed",
      params: { ...foreign, turnId: "turn-0" },
    },
    {
      do: "tell",
      method: "item/completed",
      params: { ...foreign, threadId: "child" },
    },
    {
      do: "tell",
      method: "turn/completed",
      params: { threadId: "child", turn: { id: "$TURN", status: "failed" } },
    },
    {
      do: "tell",
      method: "turn/completed",
      params: { turn: { id: "turn-0", status: "failed" } },
    },
    ...END,
  ));
  assertEquals(turn.items.map((item) => item.type), ["agent_message"]);
  assertEquals(turn.finalResponse, "Done");
});

Deno.test("A turn that another client interrupts is a CodexInterruptedError", async () => {
  await using fake = await fakeServer();
  await assertRejects(
    () =>
      fake.codex.startThread(ANYWHERE).run(
        fake.prompt(BEGIN, { do: "end", status: "interrupted" }),
      ),
    CodexInterruptedError,
  );
});

/** Requests that no handler answers, and the response that the server gets. */
const UNANSWERED: { readonly [method: string]: unknown } = {
  "item/commandExecution/requestApproval": { result: { decision: "decline" } },
  "item/fileChange/requestApproval": { result: { decision: "decline" } },
  "item/permissions/requestApproval": { result: { permissions: {} } },
  "item/tool/requestUserInput": { result: { answers: {} } },
  "mcpServer/elicitation/request": { result: { action: "decline" } },
};

Deno.test("No request of the server is accepted without a handler, whatever its kind", async () => {
  for (const onApproval of [undefined, () => "accept" as const]) {
    await using fake = await fakeServer();
    const methods = [
      ...Object.keys(UNANSWERED).slice(onApproval === undefined ? 0 : 2),
      "item/tool/call",
      "no/such/request",
      "execCommandApproval",
      "account/chatgptAuthTokens/refresh",
    ];
    const turn = await fake.codex.startThread({ ...ANYWHERE, onApproval }).run(
      fake.prompt(
        BEGIN,
        ...methods.map((method, id): FakeStep => ({
          do: "ask",
          id,
          method,
          params: { kind: "command", command: "rm", itemId: "x" },
        })),
        { do: "wait", ms: 500 },
        ...END,
      ),
    );
    const answers = turn.warnings.filter((each) => each.startsWith("ANSWER "))
      .map((each) => JSON.parse(each.slice("ANSWER ".length)));
    assertEquals(answers.length, methods.length);
    for (const { id, ...answer } of answers) {
      const known = UNANSWERED[methods[id] ?? ""];
      if (known !== undefined) assertEquals(answer, known);
      else {assert(
          answer.error !== undefined || answer.result.success === false,
        );}
      assert(!JSON.stringify(answer).includes("accept"));
    }
    assert(turn.warnings.some((each) => each.endsWith("declined")));
  }
});

Deno.test("A request that cannot be read is declined, and the turn continues", async () => {
  await using fake = await fakeServer();
  const turn = await withinMinute(
    "the turn",
    fake.codex.startThread({ ...ANYWHERE, onApproval: () => "accept" }).run(
      fake.prompt(
        BEGIN,
        {
          do: "ask",
          id: 1,
          method: "item/commandExecution/requestApproval",
          params: {
            kind: "writeStdin",
            command: 'write_stdin --session-id 1 "$LONG"',
          },
        },
        { do: "answered" },
        ...END,
      ),
    ),
  );
  assert(turn.warnings.join("\n").includes('"decision":"decline"'));
});

Deno.test("onNotice is called without secrets, and its rejection is ignored", async () => {
  const heard: ServerNotice[] = [];
  await using fake = await fakeServer({}, {
    apiKey: "sk-very-secret-key",
    onNotice: async (notice) => {
      await Promise.resolve();
      heard.push(notice);
      throw new Error("no idea");
    },
  });
  const words = "sk-very-secret-key at https://me:word@host";
  await fake.codex.startThread(ANYWHERE).run(fake.prompt(
    BEGIN,
    {
      do: "tell",
      method: "configWarning",
      params: { summary: words, details: words },
    },
    { do: "tell", method: "deprecationNotice", params: { summary: words } },
    {
      do: "tell",
      method: "mcpServer/startupStatus/updated",
      params: { status: "failed", name: "probe", error: words },
    },
    ...END,
  ));
  const clean = "[redacted] at https://[redacted]@host";
  assertEquals(heard, [
    { type: "config_warning", message: `${clean} (${clean})` },
    { type: "deprecation", message: clean },
    {
      type: "mcp_server_failed",
      server: "probe",
      message: clean,
      threadId: "01a204fd-5d2f-7c33-a821-7f8c92f2a0e0",
    },
  ]);
});

Deno.test("A slow consumer does not delay other turns, and loses no event", async () => {
  await using fake = await fakeServer();
  const flood = fake.prompt(
    BEGIN,
    {
      do: "tell",
      method: "item/agentMessage/delta",
      params: { itemId: "msg", delta: "0123456789" },
      times: 20_000,
    },
    {
      do: "tell",
      method: "item/completed",
      params: { item: { type: "webSearch", id: "w", query: "q" } },
      times: 2_000,
    },
    ...END,
  );
  const slow = await fake.codex.startThread(ANYWHERE).runStreamed(flood, {
    deltas: true,
  });
  await slow.events.next();
  await slow.events.next();
  const quick = await fake.codex.startThread(ANYWHERE).run(
    fake.prompt(BEGIN, ...END),
  );
  assertEquals(quick.finalResponse, "Done");
  await wait(1500);
  let text = "";
  let deltas = 0;
  for await (const event of slow.events) {
    if (event.type !== "item.delta") continue;
    text += event.delta;
    deltas += 1;
  }
  assertEquals(slow.result.items.length, 2_001);
  assertEquals(text, "0123456789".repeat(20_000));
  assertLess(deltas, 20_000);
});

Deno.test("idleTimeoutMs is paused while a handler runs, also if the consumer was slow when the request came", async () => {
  await using fake = await fakeServer();
  const streamed = await fake.codex.startThread({
    ...ANYWHERE,
    onApproval: () => wait(2500).then(() => "decline" as const),
  }).runStreamed(
    fake.prompt(
      BEGIN,
      { do: "wait", ms: 300 },
      {
        do: "ask",
        id: 1,
        method: "item/commandExecution/requestApproval",
        params: { command: "ls", cwd: "/" },
      },
      { do: "wait", ms: 3000 },
      ...END,
    ),
    { idleTimeoutMs: 1500 },
  );
  for await (const event of streamed.events) {
    if (event.type === "turn.started") await wait(600);
  }
  assertEquals(streamed.result.finalResponse, "Done");
});

Deno.test("A server that does not exit when its stdin ends is ended anyway", async () => {
  const fake = await fakeServer({ staysAfterEnd: true }, {
    shutdownGraceMs: 200,
  });
  const turn = fake.codex.startThread(ANYWHERE).run(
    fake.prompt(BEGIN, { do: "wait", ms: 100_000 }),
  );
  const failed = assertRejects(() => turn, CodexCancelledError);
  await wait(500);
  await withinMinute("close()", fake.codex.close());
  await failed;
  await fake[Symbol.asyncDispose]();
});

Deno.test({
  name: "Options that are too long to start the server are named in the error",
  ignore: Deno.build.os !== "linux" || Deno.build.arch !== "x86_64",
  async fn() {
    const long = "x".repeat(100_000);
    const many = Array.from(
      { length: 60 },
      (_, index) => `a${index}="${long}"`,
    );
    for (
      const [path, options] of [
        ["model", { config: { model: long + long } }],
        ["configOverrides[10]", { configOverrides: many }],
      ] as const
    ) {
      await using fake = await fakeServer({}, options);
      const error = await assertRejects(
        () => fake.codex.startThread(ANYWHERE).run("[]"),
        CodexError,
        `${path} is too long to start the CLI with`,
      );
      assert("path" in error && error.path === path);
      assertEquals(error.message.includes("xxx"), false);
    }
  },
});

Deno.test("A server that ignores interruptions is ended with the turn, within four graces", async () => {
  const graceMs = 4000;
  await using fake = await fakeServer({
    mute: ["turn/interrupt", "thread/unsubscribe"],
    staysAfterEnd: true,
  }, { shutdownGraceMs: graceMs });
  const streamed = await fake.codex.startThread(ANYWHERE).runStreamed(
    fake.prompt(BEGIN, { do: "say", text: "Hi" }, { do: "wait", ms: 100_000 }),
  );
  let left = 0;
  for await (const event of streamed) {
    if (event.type !== "item.completed") continue;
    left = performance.now();
    break;
  }
  assertLess(performance.now() - left, 4 * graceMs);
  const next = await fake.codex.startThread(ANYWHERE)
    .run(fake.prompt(BEGIN, ...END));
  assertEquals(next.finalResponse, "Done");
});

Deno.test("A server that cannot be started is an error of each turn, and each turn tries again", async () => {
  await using fake = await fakeServer({}, { codexPathOverride: "/no/codex" });
  const thread = fake.codex.startThread(ANYWHERE);
  for (let turn = 0; turn < 2; turn++) {
    const error = await assertRejects(() => thread.run("[]"));
    assertInstanceOf(error, CodexExecError);
    assertEquals(error.code, "executable_not_found");
  }
});
