import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  type ApprovalRequest,
  CodexAppServer,
  type CodexAppServerOptions,
  CodexConnectionError,
  type LineSource,
} from "../../app_server.ts";
import {
  CodexCancelledError,
  CodexError,
  CodexIncompleteTurnError,
  CodexInputError,
  type Turn,
  type UserInput,
} from "../../mod.ts";
import {
  modelAnswer,
  modelCommand,
  modelFunctionCall,
  modelMessage,
  modelPatch,
} from "../../testing.ts";
import { GIF, PNG } from "../input/images.ts";
import {
  CODEX_BINARY,
  type ListeningServer,
  listeningServer,
  tunnelTo,
} from "../support/listening_server.ts";
import { findCliProcesses } from "../support/real_codex.ts";
import {
  SLEEP,
  timed,
  until,
  wait,
  withinMinute,
} from "../../src/testing/waiting.ts";

const HELLO = modelAnswer(modelMessage("Hello"));
const DONE = modelAnswer(modelMessage("Done"));
const PATCH = modelAnswer(
  modelPatch("*** Begin Patch\n*** Add File: new.txt\n+hi\n*** End Patch"),
);
const TOKEN = "a-token-that-nobody-may-see";

/** The replies to a turn that asks for approval, and to the next turn of its thread. */
const ASKS_THEN_GOES_ON = [
  modelAnswer(modelFunctionCall("exec_command", {
    cmd: "echo asked > asked.txt",
    sandbox_permissions: "require_escalated",
    justification: "To see",
  })),
  modelAnswer(modelMessage("The first is over")),
  modelAnswer(modelMessage("The second is over")),
];

Deno.test("Turns run on a server that someone else runs, and close() leaves it running", async () => {
  await using server = await listeningServer([HELLO, DONE, HELLO]);
  const codex = server.client();
  const thread = codex.startThread(server.inRepo);
  assertEquals((await thread.run("Hi")).finalResponse, "Hello");
  const streamed = await thread.runStreamed("Go on", { deltas: true });
  const types = new Set<string>();
  for await (const event of streamed.events) types.add(event.type);
  assert(types.has("item.delta"));
  assertEquals(streamed.result.finalResponse, "Done");
  assert((await Array.fromAsync(codex.threads.list())).length === 1);
  await codex.close();
  await codex.close();
  await assertRejects(() => thread.run("Again"), CodexInputError);
  assert(server.isRunning());
  const resumed = server.client().resumeThread(thread.id ?? "", server.inRepo);
  assertEquals((await resumed.run("Hi again")).finalResponse, "Hello");
  assertEquals(server.model.requests.length, 3);
});

Deno.test("An abort ends the turn and its command on the server, and another turn runs", async () => {
  await using server = await listeningServer((request) =>
    request.text.includes("Sleep") ? modelAnswer(modelCommand(SLEEP)) : DONE
  );
  const codex = server.client();
  const abort = new AbortController();
  const thread = codex.startThread(server.inRepo);
  const sleeping = assertRejects(
    () => thread.run("Sleep", { signal: abort.signal }),
    CodexCancelledError,
  );
  await runsSleep(server);
  abort.abort();
  await withinMinute("the end of the turn", sleeping);
  assertEquals(sleepers(server), []);
  const other = codex.startThread(server.inRepo);
  assertEquals((await other.run("Go on")).finalResponse, "Done");
});

Deno.test("close() ends the client's turns on the server", async () => {
  await using server = await listeningServer([
    modelAnswer(modelCommand(SLEEP)),
  ]);
  const codex = server.client();
  const sleeping = assertRejects(
    () => codex.startThread(server.inRepo).run("Sleep"),
    CodexCancelledError,
  );
  await runsSleep(server);
  await withinMinute("close()", codex.close());
  await sleeping;
  assertEquals(sleepers(server), []);
  assert(server.isRunning());
});

// The turn continues on the server, and asks again (facts A22).
Deno.test("A dropped connection ends its turns with a typed error; the next turn answers open requests, waits, and runs", async () => {
  await using server = await listeningServer(ASKS_THEN_GOES_ON);
  await using tunnel = tunnelTo(server.url);
  const codex = server.client({ connect: tunnel.url });
  let isAsked: () => void = () => {};
  const asked = new Promise<void>((resolve) => isAsked = resolve);
  const requests: ApprovalRequest[] = [];
  const thread = codex.startThread({
    ...server.inRepo,
    sandboxMode: "read-only",
    onApproval: (request, { signal }) => {
      requests.push(request);
      isAsked();
      if (requests.length > 1) return "accept";
      return new Promise((resolve) =>
        signal.addEventListener("abort", () => resolve("decline"))
      );
    },
  });
  const dropped = thread.run("Ask").catch((error) => error);
  await withinMinute("the question", asked);
  tunnel.drop();
  const error = await withinMinute("the end of the turn", dropped);
  assert(error instanceof CodexIncompleteTurnError);
  assertEquals(
    [error.code, error.reason, error.retryable, error.threadId],
    ["turn_incomplete", "disconnected", true, thread.id],
  );
  const next = await withinMinute("the next turn", thread.run("Go on"));
  assertEquals(next.finalResponse, "The second is over");
  assertEquals(
    requests.map((each) => each.type === "command" && each.command),
    Array(2).fill("/bin/bash -lc 'echo asked > asked.txt'"),
  );
  assertEquals(
    await Deno.readTextFile(`${server.repo}/asked.txt`),
    "asked\n",
  );
  assertStringIncludes(next.warnings.join(), "An earlier turn of the thread");
  assertEquals(tunnel.count, 2);
});

Deno.test("An approval request that is repeated after a drop has its changes", async () => {
  await using server = await listeningServer([
    PATCH,
    modelAnswer(modelMessage("The first is over")),
    modelAnswer(modelMessage("The second is over")),
  ]);
  await using tunnel = tunnelTo(server.url);
  const requests: ApprovalRequest[] = [];
  const thread = server.client({ connect: tunnel.url }).startThread({
    ...server.inRepo,
    sandboxMode: "read-only",
    onApproval: (request) => {
      requests.push(request);
      if (requests.length > 1) return "accept";
      tunnel.drop();
      return "decline";
    },
  });
  await assertRejects(() => thread.run("Patch"), CodexIncompleteTurnError);
  const next = await withinMinute("the next turn", thread.run("Go on"));
  assertEquals(next.finalResponse, "The second is over");
  const changes = [
    { path: `${server.repo}/new.txt`, kind: "add" as const, diff: "hi\n" },
  ];
  assertEquals(
    requests.map((each) => each.type === "file_change" && each.changes),
    [changes, changes],
  );
});

Deno.test("An approval request has its changes also after a turn that was aborted while it waited", async () => {
  await using server = await listeningServer([
    PATCH,
    modelAnswer(modelMessage("The first is over")),
    modelAnswer(modelMessage("The third is over")),
  ]);
  await using tunnel = tunnelTo(server.url);
  let asked = 0;
  const thread = server.client({ connect: tunnel.url }).startThread({
    ...server.inRepo,
    sandboxMode: "read-only",
    onApproval: () => ++asked < 3 ? new Promise(() => {}) : "accept",
  });
  const isAsked = (times: number) =>
    until(`question ${times}`, () => asked === times || undefined);
  const first = assertRejects(
    () => thread.run("Patch"),
    CodexIncompleteTurnError,
  );
  await isAsked(1);
  tunnel.drop();
  await first;
  const controller = new AbortController();
  const second = assertRejects(
    () => thread.run("Wait", { signal: controller.signal }),
    CodexCancelledError,
  );
  await isAsked(2);
  controller.abort();
  await second;
  const third = await withinMinute("the third turn", thread.run("Go on"));
  assertEquals(third.finalResponse, "The third is over");
  assertEquals(asked, 3);
  assertEquals(await Deno.readTextFile(`${server.repo}/new.txt`), "hi\n");
});

Deno.test("An approval request that is repeated to another client is declined if its changes are unknown", async () => {
  await using server = await listeningServer([
    PATCH,
    modelAnswer(modelMessage("The first is over")),
    modelAnswer(modelMessage("The second is over")),
  ]);
  await using tunnel = tunnelTo(server.url);
  const options = { ...server.inRepo, sandboxMode: "read-only" as const };
  const thread = server.client({ connect: tunnel.url }).startThread({
    ...options,
    onApproval: () => {
      tunnel.drop();
      return "accept";
    },
  });
  await assertRejects(() => thread.run("Patch"), CodexIncompleteTurnError);
  const turn = await server.client().resumeThread(thread.id ?? "", {
    ...options,
    onApproval: () => {
      throw new Error("It was asked");
    },
  }).run("Go on");
  assertEquals(turn.finalResponse, "The second is over");
  assertStringIncludes(turn.warnings.join(), "without saying which: declined");
  await assertRejects(() => Deno.stat(`${server.repo}/new.txt`));
});

Deno.test("A request that another client was sent is left to that client", async () => {
  await using server = await listeningServer(ASKS_THEN_GOES_ON);
  const options = { ...server.inRepo, sandboxMode: "read-only" as const };
  let decide: (decision: "accept") => void = () => {};
  let isAsked: () => void = () => {};
  const asked = new Promise<void>((resolve) => isAsked = resolve);
  const thread = server.client().startThread({
    ...options,
    onApproval: () => {
      isAsked();
      return new Promise((resolve) => decide = resolve);
    },
  });
  const first = thread.run("Ask");
  await withinMinute("the question", asked);
  // This client has no handler, and waits for the running turn.
  const other = server.client().resumeThread(thread.id ?? "", options);
  const second = other.run("Go on");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  decide("accept");
  assertEquals((await first).finalResponse, "The first is over");
  assertEquals((await first).warnings, []);
  assertEquals((await second).finalResponse, "The second is over");
  await Deno.stat(`${server.repo}/asked.txt`);
});

// A `turn/start` would add to the running turn, which has its own sandbox (facts A9).
Deno.test("A turn of a thread that another client is using waits, even if this client has loaded it", async () => {
  await using server = await listeningServer((request) => {
    if (request.text.includes("Write it")) {
      return request.toolOutputs.length === 1
        ? modelAnswer(modelCommand("echo written > made.txt"))
        : modelAnswer(modelMessage("The second is over"));
    }
    if (!request.text.includes("Wait a bit")) return HELLO;
    return request.toolOutputs.length === 0
      ? modelAnswer(modelCommand("sleep 2"))
      : modelAnswer(modelMessage("The first is over"));
  });
  const options = { ...server.inRepo, sandboxMode: "read-only" as const };
  const own = server.client().startThread(options);
  await own.run("Hi");
  const others = server.client().resumeThread(own.id ?? "", server.inRepo);
  const first = await others.runStreamed("Wait a bit");
  let second: Promise<Turn> | undefined;
  for await (const event of first.events) {
    if (event.type !== "item.started") continue;
    second = own.run("Write it");
    second.catch(() => {});
  }
  assertEquals(first.result.finalResponse, "The first is over");
  const turn = await withinMinute("the second turn", second ?? own.run(""));
  assertEquals(turn.finalResponse, "The second is over");
  assertStringIncludes(turn.warnings.join(), "An earlier turn of the thread");
  await assertRejects(() => Deno.stat(`${server.repo}/made.txt`));
});

Deno.test("After an abort while it waits for an earlier turn, the next turn waits too, and is asked", async () => {
  await using server = await listeningServer(ASKS_THEN_GOES_ON);
  await using tunnel = tunnelTo(server.url);
  let asked = 0;
  let isAsked: () => void = () => {};
  const thread = server.client({ connect: tunnel.url }).startThread({
    ...server.inRepo,
    sandboxMode: "read-only",
    onApproval: () => {
      asked += 1;
      isAsked();
      return asked < 3 ? new Promise(() => {}) : "accept";
    },
  });
  const question = (): Promise<void> =>
    withinMinute(
      "the question",
      new Promise((resolve) => isAsked = resolve),
    );
  const dropped = assertRejects(
    () => thread.run("Ask"),
    CodexIncompleteTurnError,
  );
  await question();
  tunnel.drop();
  await dropped;
  const abort = new AbortController();
  const aborted = assertRejects(
    () => thread.run("Never mind", { signal: abort.signal }),
    CodexCancelledError,
  );
  await question();
  abort.abort();
  await aborted;
  const turn = await withinMinute("the next turn", thread.run("Go on"));
  assertEquals(turn.finalResponse, "The second is over");
  assertEquals(asked, 3);
  await Deno.stat(`${server.repo}/asked.txt`);
});

Deno.test("A server that dies ends its turns with a typed error, and its replacement continues the thread", async () => {
  await using server = await listeningServer([
    HELLO,
    modelAnswer(modelMessage("Working"), modelCommand(SLEEP)),
    DONE,
  ]);
  const codex = server.client();
  const thread = codex.startThread(server.inRepo);
  await thread.run("Hi");
  const lost = thread.run("Sleep").catch((error) => error);
  await runsSleep(server);
  await server.kill();
  const error = await withinMinute("the end of the turn", lost);
  assert(error instanceof CodexIncompleteTurnError);
  assertEquals(error.reason, "disconnected");
  assertEquals(
    error.items.map(({ type }) => type).includes("agent_message"),
    true,
  );
  // The client retries while no server listens.
  const next = thread.run("Go on");
  await new Promise((resolve) => setTimeout(resolve, 500));
  await server.restart();
  assertEquals(
    (await withinMinute("the next turn", next)).finalResponse,
    "Done",
  );
  for (const { pid } of sleepers(server)) Deno.kill(pid, "SIGKILL");
});

Deno.test("A connection that no longer responds is given up; one that is only silent is kept", async () => {
  await using server = await listeningServer([
    modelAnswer(modelCommand("sleep 6")),
    DONE,
    modelAnswer(modelCommand(SLEEP)),
  ]);
  await using tunnel = tunnelTo(server.url);
  const codex = server.client({ connect: tunnel.url, requestTimeoutMs: 2000 });
  const thread = codex.startThread(server.inRepo);
  assertEquals((await thread.run("Sleep for a while")).finalResponse, "Done");
  const lost = thread.run("Sleep").catch((error) => error);
  await runsSleep(server);
  tunnel.stall();
  const error = await withinMinute("the end of the turn", lost);
  assert(error instanceof CodexIncompleteTurnError);
  assertEquals(error.reason, "disconnected");
  assertStringIncludes(error.message, "does not answer");
});

Deno.test("A server that stays gone is an error within requestTimeoutMs, also for requests outside turns", async () => {
  await using server = await listeningServer([HELLO]);
  const codex = server.client({ requestTimeoutMs: 1500 });
  const thread = codex.startThread(server.inRepo);
  await thread.run("Hi");
  await server.kill();
  const ms = await timed(async () => {
    const error = await assertRejects(
      () => thread.run("Go on"),
      CodexConnectionError,
    );
    assertEquals(
      [error.code, error.reason, error.retryable],
      ["connection_failed", "unreachable", true],
    );
    assertStringIncludes(error.message, server.url);
  });
  assertLess(ms, 10_000);
  await assertRejects(() => codex.models(), CodexConnectionError);
});

Deno.test("A server that is unreachable or silent is an error of the first turn", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const conns: Deno.Conn[] = [];
  const listening = (async () => {
    for await (const conn of listener) conns.push(conn);
  })();
  const connect = `ws://127.0.0.1:${port}`;
  const ways: [CodexAppServerOptions, RegExp][] = [
    [{ connect, requestTimeoutMs: 300 }, /within 300 ms \(requestTimeoutMs\)/],
    [
      {
        connect: () => new Promise<LineSource>(() => {}),
        requestTimeoutMs: 300,
      },
      /within 300 ms/,
    ],
    [
      {
        connect: () => ({ ...endless(), close: () => new Promise(() => {}) }),
        requestTimeoutMs: 300,
        shutdownGraceMs: 300,
      },
      /within 300 ms/,
    ],
    [
      {
        connect: () => {
          throw new TypeError("no way");
        },
      },
      /connect failed: no way/,
    ],
    [{ connect: "ws://127.0.0.1:9" }, /Cannot connect .* at ws:..127.0.0.1:9/],
  ];
  for (const [options, words] of ways) {
    await using codex = new CodexAppServer(options);
    const error = await withinMinute(
      String(words),
      assertRejects(() => codex.startThread().run("Hi"), CodexConnectionError),
    );
    assertEquals(
      [error.code, error.reason],
      ["connection_failed", "unreachable"],
    );
    assert(words.test(error.message), error.message);
  }
  listener.close();
  for (const conn of conns) conn.close();
  await listening;
});

Deno.test("close() does not wait for a connection that is being opened", async () => {
  const codex = new CodexAppServer({
    connect: () => new Promise<LineSource>(() => {}),
  });
  const running = assertRejects(
    () => codex.startThread().run("Hi"),
    CodexCancelledError,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  assertLess(await timed(() => codex.close()), 10_000);
  await running;
});

Deno.test("A token is sent, read again for each connection, and never shown in an error", async () => {
  await using server = await listeningServer([HELLO, DONE], async (home) => {
    await Deno.writeTextFile(`${home}/token`, TOKEN);
    return [
      ...["--ws-auth", "capability-token"],
      ...["--ws-token-file", `${home}/token`],
    ];
  });
  await using tunnel = tunnelTo(server.url);
  let count = 0;
  const codex = server.client({
    connect: tunnel.url,
    token: () => {
      count++;
      return Promise.resolve(TOKEN);
    },
  });
  const thread = codex.startThread(server.inRepo);
  assertEquals((await thread.run("Hi")).finalResponse, "Hello");
  tunnel.drop();
  await until("the loss of the connection", async () => {
    const turn = await thread.run("Go on").catch(() => undefined);
    return turn?.finalResponse === "Done" || undefined;
  });
  assertEquals(count, 2);
  const wrong = "wrong-token-of-some-length";
  for (const token of [undefined, wrong, () => wrong]) {
    const error = await assertRejects(
      () => server.client({ token }).startThread(server.inRepo).run("Hi"),
      CodexConnectionError,
    );
    assertEquals(
      [error.code, error.reason, error.retryable],
      ["connection_failed", "unauthorized", false],
    );
    assert(!Deno.inspect(error, { depth: 10 }).includes(wrong));
    assert(!JSON.stringify(error).includes(wrong));
  }
  await assertRejects(
    () => server.client({ token: () => "two words" }).models(),
    CodexInputError,
    "token must be",
  );
});

Deno.test("A signed token is accepted until it has expired", async () => {
  const secret = "a-secret-of-more-than-thirty-two-bytes";
  await using server = await listeningServer([HELLO], async (home) => {
    await Deno.writeTextFile(`${home}/secret`, secret);
    return [
      ...["--ws-auth", "signed-bearer-token"],
      ...["--ws-shared-secret-file", `${home}/secret`],
    ];
  });
  const run = async (seconds: number): Promise<string> => {
    const codex = server.client({ token: () => sign(secret, seconds) });
    return (await codex.startThread(server.inRepo).run("Hi")).finalResponse;
  };
  assertEquals(await run(60), "Hello");
  const error = await assertRejects(() => run(-600), CodexConnectionError);
  assertEquals(error.reason, "unauthorized");
});

Deno.test("Images are sent as bytes by run() and steer(), including local files", async () => {
  await using server = await listeningServer([
    modelAnswer(modelCommand("sleep 2")),
    DONE,
  ]);
  const path = await Deno.makeTempFile({ suffix: ".png" });
  await Deno.writeFile(path, PNG);
  const input: UserInput[] = [
    { type: "text", text: "Look" },
    { type: "local_image", path },
    { type: "image", image: GIF },
  ];
  const streamed = await server.client().startThread(server.inRepo)
    .runStreamed(input);
  for await (const event of streamed.events) {
    if (event.type !== "item.started") continue;
    await streamed.steer(input);
    await Deno.remove(path);
  }
  // Counts the images of the last message.
  assertEquals(server.model.requests.map(({ images }) => images.length), [
    2,
    2,
  ]);
});

Deno.test("Folders are the server's: paths must be absolute, and are not checked locally", async () => {
  await using server = await listeningServer([HELLO]);
  const codex = server.client();
  const refused: [() => Promise<unknown>, string][] = [
    [
      () => codex.startThread({ workingDirectory: "here" }).run("Hi"),
      "workingDirectory must be an absolute path",
    ],
    [
      () =>
        codex.startThread({
          workingDirectory: "/there",
          additionalDirectories: ["/a", "b"],
        }).run("Hi"),
      "additionalDirectories[1] must be an absolute path",
    ],
    [
      () => codex.startThread({ additionalDirectories: ["/a"] }).run("Hi"),
      "additionalDirectories needs workingDirectory",
    ],
    [() => codex.resumeLast().run("Hi"), "resumeLast needs workingDirectory"],
    [
      () => Array.fromAsync(codex.threads.list({ cwd: "." })),
      "cwd must be an absolute path",
    ],
  ];
  for (const [run, words] of refused) {
    await assertRejects(run, CodexInputError, words);
  }
  // The folder that the server was started in (facts A23), which is not a repository.
  const thread = codex.startThread({ sandboxMode: "read-only" });
  await thread.run("Hi");
  assertEquals((await codex.threads.read(thread.id ?? "")).cwd, server.repo);
});

Deno.test("A connect function can use a server's pipes, and is called again after the connection is lost", async () => {
  await using server = await listeningServer([HELLO, DONE]);
  const children: Deno.ChildProcess[] = [];
  const ended = Promise.withResolvers<void>();
  const codex = server.client({
    connect: () => {
      const child = new Deno.Command(CODEX_BINARY, {
        args: ["app-server", ...server.settings],
        env: server.env,
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      children.push(child);
      const writer = child.stdin.getWriter();
      return {
        readable: child.stdout.pipeThrough(
          new TransformStream({ flush: () => ended.resolve() }),
        ),
        write: (line) => writer.write(new TextEncoder().encode(line)),
        close: () => writer.close(),
      };
    },
  });
  const thread = codex.startThread(server.inRepo);
  assertEquals((await thread.run("Hi")).finalResponse, "Hello");
  children[0]?.kill("SIGKILL");
  // A turn that begins before the client has read the end is lost, as it should be.
  await ended.promise;
  await wait(0);
  assertEquals((await thread.run("Go on")).finalResponse, "Done");
  await codex.close();
  await Promise.all(children.map(({ status }) => status));
  assertEquals(children.length, 2);
});

Deno.test("A connect function whose result is invalid or breaks is an error", async () => {
  const bad: [() => unknown, "invalid_input" | "connection_lost", string][] = [
    [() => undefined, "invalid_input", "connect must return an object"],
    [
      () => ({ ...endless(), write: 1 }),
      "invalid_input",
      "connect must return",
    ],
    [
      () => ({
        ...endless(),
        write: () => {
          throw new Error("cannot write");
        },
      }),
      "connection_lost",
      "was lost: cannot write",
    ],
    [
      () => ({ ...endless(), readable: ReadableStream.from([7]) }),
      "connection_lost",
      "neither text nor bytes (number)",
    ],
    [
      () => ({ ...endless(), readable: ReadableStream.from([]) }),
      "connection_lost",
      "a proxy closed it",
    ],
  ];
  for (const [connect, code, words] of bad) {
    await using codex = new CodexAppServer({
      connect: connect as () => LineSource,
    });
    const error = await withinMinute(
      words,
      assertRejects(() => codex.startThread().run("Hi"), CodexError, words),
    );
    assertEquals(error.code, code);
  }
});

Deno.test("Options that do not apply to a server elsewhere are rejected by name", async (t) => {
  const connect = "ws://127.0.0.1:4500";
  const refused: [CodexAppServerOptions, string, string][] = [
    [
      { codexPathOverride: "codex" },
      "codexPathOverride",
      "belongs to the server",
    ],
    [{ baseUrl: "http://a" }, "baseUrl", "belongs to the server"],
    [{ apiKey: "key" }, "apiKey", "belongs to the server"],
    [{ config: {} }, "config", "belongs to the server"],
    [{ configOverrides: [] }, "configOverrides", "belongs to the server"],
    [{ features: {} }, "features", "belongs to the server"],
    [{ strictConfig: true }, "strictConfig", "belongs to the server"],
    [{ oss: true, localProvider: "ollama" }, "oss", "belongs to the server"],
    [{ localProvider: "ollama" }, "localProvider", "oss"],
    [{ env: {} }, "env", "belongs to the server"],
    [{ envMode: "merge" }, "envMode", "belongs to the server"],
    [{ endWithHost: true }, "endWithHost", "belongs to the server"],
    [{ keepAliveMs: 1 }, "keepAliveMs", "belongs to the server"],
    [{ connect: "unix:///a.sock" }, "connect", "unix:"],
    [{ connect: "http://127.0.0.1" }, "connect", "ws: or wss:"],
    [{ connect: "127.0.0.1:4500" }, "connect", "ws: or wss:"],
    [{ connect: "ws://a:b@127.0.0.1" }, "connect", "token"],
    [{ connect: `${connect}#a` }, "connect", "fragment"],
    [{ connect: 7 as unknown as string }, "connect", "address"],
    [{ connect: "ws://10.0.0.1", token: TOKEN }, "connect", "wss:"],
    [
      { connect: "ws://127.0.0.1.example.org", token: TOKEN },
      "connect",
      "wss:",
    ],
    [{ connect: "ws://localhost.org", token: () => TOKEN }, "connect", "wss:"],
    [{ token: "two words" }, "token", "ASCII"],
    [{ token: "a\r\nb: c" }, "token", "ASCII"],
    [{ token: "" }, "token", "ASCII"],
    [{ token: 7 as unknown as string }, "token", "string"],
    [{ connect: () => endless(), token: TOKEN }, "token", "function"],
    [{ connect: undefined, token: TOKEN }, "token", "connect"],
  ];
  for (const [index, [options, path, words]] of refused.entries()) {
    await t.step(`${index} ${path}: ${words}`, () => {
      try {
        new CodexAppServer({ connect, ...options });
      } catch (error) {
        assert(error instanceof CodexInputError);
        assertEquals(error.path, path);
        assertStringIncludes(error.message, words);
        assert(!error.message.includes(TOKEN));
        return;
      }
      throw new Error("It was taken");
    });
  }
  for (
    const taken of [
      "ws://localhost:1",
      "ws://a.localhost",
      "ws://127.9.9.9",
      "ws://[::1]:1",
      "wss://example.org/path?a=b",
    ]
  ) {
    new CodexAppServer({ connect: taken, token: TOKEN });
  }
  new CodexAppServer({ connect: "ws://10.0.0.1" });
});

/** Creates a source that stays silent. */
function endless(): LineSource {
  return { readable: new ReadableStream(), write: () => {}, close: () => {} };
}

/** Creates a signed token that expires after some seconds. */
async function sign(secret: string, seconds: number): Promise<string> {
  const text = new TextEncoder();
  const part = (value: string | Uint8Array): string =>
    btoa(typeof value === "string" ? value : String.fromCharCode(...value))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const exp = Math.floor(Date.now() / 1000) + seconds;
  const head = `${part('{"alg":"HS256","typ":"JWT"}')}.${
    part(JSON.stringify({ exp }))
  }`;
  const key = await crypto.subtle.importKey(
    "raw",
    text.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const signature = await crypto.subtle.sign("HMAC", key, text.encode(head));
  return `${head}.${part(new Uint8Array(signature))}`;
}

/** Returns the `sleep` processes that commands of a server's turns run. */
function sleepers({ home }: ListeningServer): { readonly pid: number }[] {
  return findCliProcesses(home).filter(({ command }) =>
    command.startsWith("sleep")
  );
}

async function runsSleep(server: ListeningServer): Promise<void> {
  await until("the command", () => sleepers(server).length > 0 || undefined);
}
