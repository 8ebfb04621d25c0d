import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertLess,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { z } from "zod";
import {
  Codex,
  CodexCancelledError,
  CodexExecError,
  CodexIdleTimeoutError,
  CodexInputError,
  CodexThreadBusyError,
  CodexThreadNotFoundError,
  CodexTimeoutError,
  CodexTurnError,
  type Thread,
  type Turn,
  type UserInput,
} from "../../mod.ts";
import {
  CodexAppServer,
  CodexInterruptedError,
  CodexRequestError,
  ServerThread,
  type StreamedEvent,
} from "../../app_server.ts";
import {
  modelAnswer,
  modelCommand,
  modelDelay,
  modelFailure,
  modelHang,
  modelMessage,
  modelReasoning,
} from "../../testing.ts";
import { withTempFolder } from "../exec/transport_support.ts";
import { GIF, PNG } from "../input/images.ts";
import { assertNothingRuns, findCliProcesses } from "../support/real_codex.ts";
import { PROBE_SERVER } from "../support/mcp_server.ts";
import { realServer } from "../support/real_server.ts";
import {
  MINUTE_MS,
  SLEEP,
  until,
  wait,
  withinMinute,
} from "../../src/testing/waiting.ts";

const DONE = modelAnswer(modelMessage("Done"));
const SLEEPING = modelAnswer(modelReasoning("I am tired"), modelCommand(SLEEP));

/** Waits until a command of the agent runs. */
async function commandRuns(home: string, what = SLEEP): Promise<void> {
  await until(
    `a process with ${what}`,
    async () =>
      (await findCliProcesses(home)).some((each) =>
        each.command.includes(what)
      ) ||
      undefined,
  );
}

/** Waits until no command of the agent runs; the server may. */
async function commandIsGone(home: string, what = SLEEP): Promise<void> {
  await until(
    `no process with ${what}`,
    async () =>
      !(await findCliProcesses(home)).some((each) =>
        each.command.includes(what)
      ) ||
      undefined,
  );
}

Deno.test("Turns of a thread run one after the other on one server", async () => {
  await using real = await realServer([
    modelAnswer(modelMessage("First")),
    modelAnswer(modelMessage("Second")),
  ]);
  const thread: Thread = real.codex.startThread(real.inRepo);
  const [first, second] = await Promise.all([
    thread.run("One"),
    thread.run("Two"),
  ]);
  assertEquals(
    [first.finalResponse, second.finalResponse],
    ["First", "Second"],
  );
  assertEquals(first.threadId, second.threadId);
  assertEquals(first.turnUsage, second.turnUsage);
  assertEquals(second.usage?.input_tokens, 20);
  const servers = (await findCliProcesses(real.home)).filter((each) =>
    each.command.includes("app-server")
  );
  assertEquals(servers.length, 1);
  assertInstanceOf(thread, ServerThread);
});

Deno.test("A structured answer is read, and repaired on the same thread", async () => {
  await using real = await realServer([
    modelAnswer(modelMessage('{"n":"x"}')),
    modelAnswer(modelMessage('{"n":2}')),
  ]);
  const turn = await real.codex.startThread(real.inRepo).run("Count", {
    outputType: z.object({ n: z.number() }),
    repair: 1,
  });
  assertEquals(turn.structuredResponse, { n: 2 });
  assertEquals(turn.attempts.length, 2);
  assertEquals(turn.turnUsage?.input_tokens, 20);
});

Deno.test("Threads of each transport continue on the other, with the thread's usage", async () => {
  await using real = await realServer(() => DONE);
  const exec = new Codex({
    config: real.model.config,
    env: { ...real.model.env(real.home), PATH: Deno.env.get("PATH") },
  });
  const begun = exec.startThread(real.inRepo);
  await begun.run("One");
  const first = real.client({ threadKeepAliveMs: 0 });
  const resumed = first.resumeThread(begun.id ?? "", real.inRepo);
  const second = await resumed.run("Two");
  // On the server, the share of a resumed thread's first turn is known.
  assertEquals(second.turnUsage?.input_tokens, 10);
  assertEquals(second.usage?.input_tokens, 20);
  await first.close();
  const third = await begun.run("Three");
  assertEquals(third.usage?.input_tokens, 30);
});

// The server reports tokens after each response, and `codex exec` only at the end (facts A36).
for (const how of ["interrupted", "aborted", "failed"] as const) {
  Deno.test(`The error of a turn that is ${how} has the tokens that were reported`, async () => {
    await using real = await realServer([
      DONE,
      modelAnswer(modelCommand("true")),
      how === "failed"
        ? modelFailure("invalid_prompt", "no")
        : modelAnswer(modelCommand(SLEEP)),
      DONE,
    ]);
    const thread = real.codex.startThread(real.inRepo);
    await thread.run("One");
    const controller = new AbortController();
    const streamed = await thread.runStreamed("Two", {
      signal: controller.signal,
    });
    const error = await assertRejects(async () => {
      for await (const event of streamed.events) {
        if (event.type !== "item.started") continue;
        if (JSON.stringify(event).includes("true")) continue;
        if (how === "aborted") controller.abort();
        else await streamed.interrupt();
      }
    }, CodexTurnError);
    // The response that was being carried out may count, too.
    const spent = error.usage?.input_tokens ?? 0;
    assert([20, 30].includes(spent), `${spent}`);
    const next = await thread.run("Three");
    assertEquals(next.usage?.input_tokens, spent + 10);
    assertEquals(next.turnUsage?.input_tokens, 10);
  });
}

// Before it compacts the history, the server repeats its last report of the tokens (facts A36).
Deno.test("A turn's share is known on a resumed thread whose history the turn compacts", async () => {
  await using real = await realServer(() => DONE);
  const config = { ...real.model.config, model_auto_compact_token_limit: 5 };
  const client = () => real.client({ config, keepAliveMs: 0 });
  await using loaded = client();
  const begun = loaded.startThread(real.inRepo);
  await begun.run("One");
  const run = async (codex: CodexAppServer) => {
    const before = real.model.requests.length;
    const turn = await codex.resumeThread(begun.id ?? "", real.inRepo)
      .run("Go on");
    // Each request of the scripted model costs 10 tokens; one of them compacts.
    assertEquals(real.model.requests.length - before, 2);
    return [turn.turnUsage?.input_tokens, turn.usage?.input_tokens];
  };
  assertEquals(await run(loaded), [20, 30]);
  await loaded.close();
  for (const total of [50, 70]) {
    await using codex = client();
    assertEquals(await run(codex), [20, total]);
  }
});

// A thread has processes of its own until it is unloaded (facts A17).
Deno.test("A loaded thread is busy for other clients until threadKeepAliveMs has passed", async () => {
  await using real = await realServer(() => DONE);
  const codex = real.client({ keepAliveMs: MINUTE_MS });
  const thread = codex.startThread(real.inRepo);
  await thread.run("One");
  const exec = new Codex({
    config: real.model.config,
    env: { ...real.model.env(real.home), PATH: Deno.env.get("PATH") },
  });
  const other = exec.resumeThread(thread.id ?? "", real.inRepo);
  await assertRejects(() => other.run("Two"), CodexThreadBusyError);
  const another = real.client().resumeThread(thread.id ?? "", real.inRepo);
  const error = await assertRejects(
    () => another.run("Two"),
    CodexThreadBusyError,
  );
  assertEquals(error.code, "thread_busy");
  await codex.close();
  const brief = real.client({ threadKeepAliveMs: 300, keepAliveMs: MINUTE_MS });
  await brief.resumeThread(thread.id ?? "", real.inRepo).run("Two");
  await until("the thread to be free", async () => {
    try {
      return await another.run("Three");
    } catch (error) {
      assertInstanceOf(error, CodexThreadBusyError);
      return undefined;
    }
  });
});

// The server would silently ignore them (facts A8, A33).
Deno.test("Other settings apply to a thread that is already loaded", async () => {
  await using real = await realServer(() => DONE);
  const model = "gpt-5.5";
  const thread = real.codex.startThread({
    ...real.inRepo,
    model,
    webSearchMode: "disabled",
  });
  await thread.run("One");
  await real.codex.resumeThread(thread.id ?? "", {
    ...real.inRepo,
    model,
    webSearchMode: "live",
  }).run("Two");
  assertEquals(
    real.model.requests.map(({ body }) =>
      JSON.stringify(body).includes('"web_search"')
    ),
    [false, true],
  );
});

Deno.test("A thread's MCP servers end with the thread, not with its turn", async () => {
  await using real = await realServer(() => DONE, {
    threadKeepAliveMs: 1500,
    keepAliveMs: 60_000,
    config: { mcp_servers: PROBE_SERVER },
  });
  const probes = async (): Promise<number> =>
    (await findCliProcesses(real.home)).filter((each) =>
      each.command.endsWith("mcp_server.ts")
    ).length;
  await real.codex.startThread(real.inRepo).run("One");
  assertEquals(await probes(), 1);
  await until(
    "the end of the MCP server",
    async () => await probes() === 0 || undefined,
  );
});

// A second turn would steer the first (facts A9).
Deno.test("A second object of a thread is rejected while the first one's turn runs", async () => {
  await using real = await realServer([DONE, modelDelay(1000, DONE), DONE]);
  const thread = real.codex.startThread(real.inRepo);
  await thread.run("One");
  const same = real.codex.resumeThread(thread.id ?? "", real.inRepo);
  const running = thread.run("Two");
  await real.model.requested(2);
  await assertRejects(() => same.run("Three"), CodexThreadBusyError);
  await running;
  assertEquals((await same.run("Three")).finalResponse, "Done");
});

Deno.test("A second object of a thread waits for a turn that is being stopped", async () => {
  await using real = await realServer([
    DONE,
    modelAnswer(modelCommand(SLEEP)),
    DONE,
  ]);
  const thread = real.codex.startThread(real.inRepo);
  await thread.run("One");
  const controller = new AbortController();
  const streamed = await thread.runStreamed("Two", {
    signal: controller.signal,
  });
  let next: Promise<Turn> | undefined;
  await assertRejects(async () => {
    for await (const event of streamed.events) {
      if (event.type !== "item.started") continue;
      controller.abort();
      const same = real.codex.resumeThread(thread.id ?? "", real.inRepo);
      next = same.run("Three");
      next.catch(() => {});
    }
  }, CodexCancelledError);
  assertEquals((await next)?.finalResponse, "Done");
});

Deno.test("A thread is resumed by an id in capital letters", async () => {
  await using real = await realServer(() => DONE);
  const first = real.codex.startThread(real.inRepo);
  await first.run("Go");
  const id = String(first.id).toUpperCase();
  const other = real.codex.resumeThread(id, real.inRepo);
  const turn = await withinMinute("the turn", other.run("Go on"));
  assertEquals([turn.finalResponse, turn.threadId], ["Done", first.id]);
});

Deno.test("An unknown thread is a CodexThreadNotFoundError", async () => {
  await using real = await realServer([]);
  const id = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";
  const error = await assertRejects(
    () => real.codex.resumeThread(id, real.inRepo).run("Hi"),
    CodexThreadNotFoundError,
  );
  assertEquals(error.requestedThreadId, id);
});

const STOPS: {
  readonly [name: string]: {
    stop: (abort: AbortController) => void;
    options?: object;
    error: typeof CodexCancelledError | typeof CodexTimeoutError;
  };
} = {
  "abort": { stop: (abort) => abort.abort("no"), error: CodexCancelledError },
  "timeoutMs": {
    stop: () => {},
    options: { timeoutMs: 3000 },
    error: CodexTimeoutError,
  },
};

for (const [name, { stop, options, error: kind }] of Object.entries(STOPS)) {
  Deno.test(`${name} ends the turn and its command; the server and the thread continue`, async () => {
    await using real = await realServer(({ prompt }) =>
      prompt === "Wake" ? modelAnswer(modelMessage("Awake")) : SLEEPING
    );
    const thread = real.codex.startThread(real.inRepo);
    const abort = new AbortController();
    const streamed = await thread.runStreamed("Sleep", {
      signal: abort.signal,
      ...options,
    });
    const error = await assertRejects(async () => {
      for await (const event of streamed.events) {
        if (event.type === "item.started") stop(abort);
      }
    }, kind as typeof CodexCancelledError);
    await commandIsGone(real.home);
    // On a busy machine the time-out may come before the command has begun.
    if (name === "abort") {
      assertEquals(
        error.items.map((item) => item.type),
        ["reasoning", "command_execution"],
      );
    }
    assertEquals((await thread.run("Wake")).finalResponse, "Awake");
    if (name === "abort") {
      assert(real.model.requests.at(-1)?.text.includes("turn_aborted"));
    }
  });
}

Deno.test("idleTimeoutMs ends a turn whose model is silent", async () => {
  await using real = await realServer(({ prompt }) =>
    prompt === "Again" ? DONE : modelHang()
  );
  const thread = real.codex.startThread(real.inRepo);
  await assertRejects(
    () => thread.run("Hi", { idleTimeoutMs: 700 }),
    CodexIdleTimeoutError,
  );
  assertEquals((await thread.run("Again")).finalResponse, "Done");
});

// The review's turn is not the one that was begun (facts A2).
Deno.test("A review of a thread that has begun is stopped like any other turn", async () => {
  await using real = await realServer(
    ({ prompt }) => prompt.includes("Review") ? SLEEPING : DONE,
    { shutdownGraceMs: 2 * MINUTE_MS },
  );
  await new Deno.Command("git", { args: ["init", "--quiet", real.repo] })
    .output();
  const thread = real.codex.startThread(real.inRepo);
  await thread.run("Go");
  const controller = new AbortController();
  const review = thread.review({ base: "main" }, {
    signal: controller.signal,
  });
  const failed = assertRejects(() => review, CodexCancelledError);
  await commandRuns(real.home);
  const aborted = performance.now();
  controller.abort();
  await failed;
  // It was interrupted, without waiting for a grace.
  assertLess(performance.now() - aborted, MINUTE_MS);
  await commandIsGone(real.home);
  assertEquals((await thread.run("Go on")).finalResponse, "Done");
  await thread.review({ uncommitted: true }, { timeoutMs: 3000 }).then(
    () => assert(false),
    (error) => assertInstanceOf(error, CodexTimeoutError),
  );
});

Deno.test("Leaving the loop ends the turn and its command", async () => {
  await using real = await realServer([SLEEPING, DONE]);
  const thread = real.codex.startThread(real.inRepo);
  const streamed = await thread.runStreamed("Sleep");
  for await (const event of streamed.events) {
    if (event.type === "item.started") break;
  }
  await commandIsGone(real.home);
  assertEquals((await thread.run("Again")).finalResponse, "Done");
});

// Also before the server has begun the turn (facts A1).
Deno.test("Aborting at any moment settles the turn, and the thread continues", async () => {
  await using real = await realServer((request) =>
    request.prompt === "Again" ? DONE : modelDelay(30, SLEEPING)
  );
  await real.codex.startThread(real.inRepo).run("Again");
  for (const ms of [0, 2, 5, 10, 20, 30, 50, 80, 120, 200, 400]) {
    const thread = real.codex.startThread(real.inRepo);
    const abort = new AbortController();
    const failed = assertRejects(
      () => thread.run("Sleep", { signal: abort.signal }),
      CodexCancelledError,
    );
    await wait(ms);
    abort.abort();
    const started = performance.now();
    await failed;
    assertLess(performance.now() - started, MINUTE_MS);
    assertEquals((await thread.run("Again")).finalResponse, "Done");
  }
  await commandIsGone(real.home);
});

Deno.test("After an abort while a thread is resumed, the next turn runs on it", async () => {
  await using real = await realServer(() => DONE);
  const first = real.codex.startThread(real.inRepo);
  await first.run("Go");
  await real.codex.close();
  for (const ms of [0, 10, 20, 40, 80, 120]) {
    const codex = real.client();
    const thread = codex.resumeThread(String(first.id), {
      ...real.inRepo,
      sandboxMode: "workspace-write",
    });
    const stopped = thread.run("Stop", { signal: AbortSignal.timeout(ms) });
    // On a fast machine the turn may complete first.
    await stopped.catch((error) =>
      assertInstanceOf(error, CodexCancelledError)
    );
    assertEquals((await thread.run("Again")).finalResponse, "Done");
    await codex.close();
  }
});

/** Commands that resist being ended. */
const STUBBORN: { readonly [what: string]: string } = {
  "ignores SIGTERM": `trap '' TERM INT HUP; ${SLEEP}; true`,
  "is detached with setsid":
    `setsid ${SLEEP} > /dev/null 2>&1 < /dev/null & ${SLEEP}`,
  "runs several": `${SLEEP} & ${SLEEP} & wait`,
};

for (const [what, cmd] of Object.entries(STUBBORN)) {
  const name =
    `A command that ${what} ends with its turn; what an earlier turn has left keeps running`;
  // Other systems do not have setsid.
  Deno.test({ name, ignore: Deno.build.os !== "linux" }, async () => {
    const kept = "sleep 99.5";
    await using real = await realServer(({ prompt, toolOutputs }) => {
      if (prompt === "Stay" && toolOutputs.length === 0) {
        // When the shell ends, the CLI ends processes that have not left its group by then.
        return modelAnswer(
          modelCommand(`setsid ${kept} > /dev/null 2>&1 < /dev/null & sleep 1`),
        );
      }
      return prompt === "Go" ? modelAnswer(modelCommand(cmd)) : DONE;
    });
    const thread = real.codex.startThread(real.inRepo);
    await thread.run("Stay");
    await commandRuns(real.home, kept);
    const streamed = await thread.runStreamed("Go");
    await assertRejects(async () => {
      for await (const event of streamed.events) {
        if (event.type !== "item.started") continue;
        await commandRuns(real.home);
        void streamed.interrupt();
      }
    }, CodexInterruptedError);
    const left = (await findCliProcesses(real.home)).map((each) =>
      each.command
    );
    assertEquals(left.filter((each) => each.includes(SLEEP)), []);
    assertEquals(left.filter((each) => each.includes(kept)).length, 1);
    assertEquals((await thread.run("Again")).finalResponse, "Done");
  });
}

Deno.test("interrupt() ends the turn, reports its open items, and rejects once the turn is over", async () => {
  await using real = await realServer([SLEEPING, DONE]);
  const thread = real.codex.startThread(real.inRepo);
  const streamed = await thread.runStreamed("Sleep");
  const events: StreamedEvent[] = [];
  const failed = assertRejects(async () => {
    for await (const event of streamed.events) {
      events.push(event);
      if (event.type !== "item.started") continue;
      assertEquals(event.item.type, "command_execution");
      void streamed.interrupt();
    }
  }, CodexInterruptedError);
  const error = await failed;
  assertEquals(error.code, "turn_interrupted");
  const last = events.at(-1);
  assert(last?.type === "item.completed");
  assert(last.item.type === "command_execution");
  assertEquals(last.item.status, "failed");
  await commandIsGone(real.home);
  const late = await assertRejects(
    () => streamed.interrupt(),
    CodexRequestError,
  );
  assertEquals(late.code, "turn_not_running");
  assertEquals((await thread.run("Again")).finalResponse, "Done");
});

Deno.test("interrupt() before a turn begins ends it when it begins", async () => {
  await using real = await realServer([]);
  const streamed = await real.codex.startThread(real.inRepo).runStreamed("Hi");
  await streamed.interrupt();
  await assertRejects(() => streamed.events.next(), CodexInterruptedError);
  assertEquals(real.model.requests.length, 0);
});

Deno.test("interrupt() between the attempts of a turn ends it; after the last one it rejects", async () => {
  for (const repair of [1, 0]) {
    await using real = await realServer([
      modelAnswer(modelMessage('{"n":"x"}')),
      modelAnswer(modelMessage('{"n":2}')),
    ]);
    const streamed = await real.codex.startThread(real.inRepo).runStreamed(
      "Count",
      { outputType: z.object({ n: z.number() }), repair },
    );
    let interrupting: Promise<string> = Promise.resolve("");
    const taken = (async () => {
      for await (const event of streamed.events) {
        if (event.type !== "turn.completed") continue;
        // Waits until the server's turn has been released.
        await wait(100);
        interrupting = streamed.interrupt().then(() => "interrupted", String);
        await interrupting;
      }
    })();
    if (repair === 0) {
      await taken;
      assert((await interrupting).includes("has already ended"));
      assertEquals(streamed.result.attempts.length, 0);
    } else {
      await assertRejects(() => taken, CodexInterruptedError);
      assertEquals(await interrupting, "interrupted");
    }
    assertEquals(real.model.requests.length, 1);
  }
});

// The current message is cut off (facts A10).
Deno.test("steer() adds to the turn, and rejects before its start and after its end", async () => {
  await using real = await realServer([
    modelAnswer(modelCommand("sleep 2")),
    DONE,
  ]);
  const streamed = await real.codex.startThread(real.inRepo).runStreamed("Go");
  await assertRejects(() => streamed.steer("Too early"), CodexRequestError);
  for await (const event of streamed.events) {
    if (event.type === "item.started") await streamed.steer("And this");
  }
  assert(real.model.requests[1]?.text.includes("And this"));
  const error = await assertRejects(
    () => streamed.steer("Too late"),
    CodexRequestError,
  );
  assertEquals(error.code, "turn_not_running");
  await assertRejects(() => streamed.steer(" "), CodexInputError);
});

Deno.test("Images from memory reach the model by run() and steer(), and their files are removed with the turn", async () => {
  const left = await withTempFolder(async () => {
    await using real = await realServer([
      modelAnswer(modelCommand("sleep 2")),
      DONE,
    ]);
    const look: UserInput = { type: "text", text: "Look" };
    const image: UserInput = { type: "image", image: PNG };
    const streamed = await real.codex.startThread(real.inRepo)
      .runStreamed([look, image]);
    for await (const event of streamed.events) {
      if (event.type === "item.started") {
        await streamed.steer([look, image, {
          type: "image",
          image: new Blob([GIF]),
        }]);
      }
    }
    // Counts the images of the last message.
    const counts = real.model.requests.map(({ images }) => images.length);
    assertEquals(counts, [1, 2]);
    await assertRejects(
      () => streamed.steer([look, { type: "image", image: new Uint8Array(9) }]),
      CodexInputError,
      "input[1].image",
    );
  });
  assertEquals(left, []);
});

Deno.test("Requested deltas are delivered before their item is completed, with its id", async () => {
  await using real = await realServer([
    modelAnswer(
      modelReasoning("Thinking"),
      modelCommand("echo a; sleep 0.4; echo b"),
    ),
    modelAnswer(modelMessage("Hello there")),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  const streamed = await thread.runStreamed("Go", { deltas: true });
  const texts = new Map<string, string>();
  const done = new Map<string, string>();
  for await (const event of streamed.events) {
    if (event.type === "item.delta") {
      assert(!done.has(event.item_id));
      const key = event.item_id;
      texts.set(key, (texts.get(key) ?? "") + event.delta);
    }
    if (event.type === "item.completed") {
      const { item } = event;
      if (item.type === "agent_message" || item.type === "reasoning") {
        done.set(item.id, item.text);
      }
    }
  }
  assertEquals([...done.values()], ["Thinking", "Hello there"]);
  for (const [id, text] of done) assertEquals(texts.get(id), text);
});

Deno.test("If the server dies, each turn gets one error with its items, and the next turn resumes the thread", async () => {
  await using real = await realServer((request) =>
    request.prompt === "Again" ? DONE : SLEEPING
  );
  const threads = [1, 2].map(() => real.codex.startThread(real.inRepo));
  const failed = threads.map((thread) =>
    assertRejects(() => thread.run("Sleep"), CodexExecError)
  );
  await until(
    "two commands",
    async () =>
      (await findCliProcesses(real.home)).filter((each) =>
          each.command.endsWith(SLEEP)
        ).length >= 2 || undefined,
  );
  const server = (await findCliProcesses(real.home)).find((each) =>
    each.command.includes("app-server")
  );
  Deno.kill(server?.pid ?? 0, "SIGKILL");
  for (const error of await Promise.all(failed)) {
    assertEquals([error.code, error.signal], ["exited", "SIGKILL"]);
    assertEquals(error.items.map((item) => item.type), ["reasoning"]);
  }
  await commandIsGone(real.home);
  const ids = threads.map(({ id }) => id);
  for (const [index, thread] of threads.entries()) {
    const turn = await thread.run("Again");
    assertEquals([turn.finalResponse, turn.threadId], ["Done", ids[index]]);
  }
});

Deno.test("close() ends running turns, may be called twice, and rejects later turns", async () => {
  await using real = await realServer([SLEEPING]);
  const thread = real.codex.startThread(real.inRepo);
  // Turns in the queue are cancelled, too.
  const failed = Promise.all(
    ["Sleep", "Second", "Third"].map((prompt) =>
      assertRejects(() => thread.run(prompt), CodexCancelledError)
    ),
  );
  await commandRuns(real.home);
  await Promise.all([real.codex.close(), real.codex.close()]);
  await failed;
  await assertNothingRuns(real.home);
  await real.codex.close();
  await assertRejects(() => thread.run("Again"), CodexInputError, "closed");
  await assertRejects(
    () => thread.review({ uncommitted: true }),
    CodexInputError,
    "closed",
  );
  await new CodexAppServer().close();
});

Deno.test("close() at any moment of a turn's start cancels the turn", async () => {
  await using real = await realServer(() => modelDelay(1000, DONE));
  for (const ms of [0, 1, 5, 10, 20, 30, 50, 80, 120]) {
    const codex = real.client();
    const failed = assertRejects(
      () => codex.startThread(real.inRepo).run("Go"),
      CodexCancelledError,
    );
    await wait(ms);
    await codex.close();
    await failed;
  }
});

Deno.test("The server ends after keepAliveMs without a turn, and the next turn starts another", async () => {
  await using real = await realServer(() => DONE, { keepAliveMs: 200 });
  const thread = real.codex.startThread(real.inRepo);
  await thread.run("One");
  await assertNothingRuns(real.home);
  assertEquals((await thread.run("Two")).usage?.input_tokens, 20);
});

Deno.test("The server also ends if the remaining events of an ended turn are not read", async () => {
  for (const before of ["thread.started", "turn.started"]) {
    await using real = await realServer([SLEEPING], { keepAliveMs: 200 });
    const abort = new AbortController();
    const streamed = await real.codex.startThread(real.inRepo).runStreamed(
      "Sleep",
      { signal: abort.signal },
    );
    let type: string | undefined;
    while (type !== before) type = (await streamed.events.next()).value?.type;
    abort.abort();
    await assertNothingRuns(real.home);
    await assertRejects(() => streamed.events.next(), CodexCancelledError);
  }
});

Deno.test("Turns that begin while the server ends run on another", async () => {
  await using real = await realServer(() => DONE, { keepAliveMs: 0 });
  const thread = real.codex.startThread(real.inRepo);
  for (let turn = 0; turn < 5; turn++) {
    assertEquals((await thread.run("Go")).finalResponse, "Done");
    await wait(turn * 10);
  }
});

// The server checks none of them (facts A14, A20).
Deno.test("Options are checked before the server is started", async () => {
  await using real = await realServer([]);
  assertThrows(
    () => new CodexAppServer({ endWithHost: false }),
    CodexInputError,
    "endWithHost",
  );
  assertThrows(
    () => real.codex.startThread({ deltas: true } as object),
    CodexInputError,
    "run() or runStreamed()",
  );
  const refused: { readonly [path: string]: object } = {
    workingDirectory: { workingDirectory: "/no/such/folder" },
    skipGitRepoCheck: { skipGitRepoCheck: false },
    "additionalDirectories[0]": { additionalDirectories: ["/no/such"] },
  };
  for (const [path, options] of Object.entries(refused)) {
    const error = await assertRejects(
      () => real.codex.startThread({ ...real.inRepo, ...options }).run("Hi"),
      CodexInputError,
    );
    assertEquals(error.path, path);
  }
  assertThrows(
    () => real.codex.startThread({ approvalPolicy: "on-failure" }),
    CodexInputError,
    'use "on-request"',
  );
  const thread = real.codex.startThread(real.inRepo);
  await assertRejects(() => thread.run("a\ud800"), CodexInputError);
  await assertRejects(() =>
    thread.run([{ type: "text", text: "x" }, {
      type: "local_image",
      path: "/no.png",
    }]), CodexInputError);
  assertEquals(real.hasStarted(), false);
});
