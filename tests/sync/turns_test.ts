import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { z } from "zod";
import * as mini from "zod/mini";
import {
  CodexCancelledError,
  CodexConfigError,
  CodexExecError,
  CodexExecutableNotFoundError,
  CodexIdleTimeoutError,
  CodexInputError,
  type CodexOptions,
  CodexOutputSchemaError,
  CodexStructuredResponseError,
  CodexThreadNotFoundError,
  CodexThreadRunError,
  CodexThreadStreamNotConsumedError,
  CodexTimeoutError,
  type ThreadEvent,
} from "../../mod.ts";
import { CancelFlag, CodexSync, type InputSync } from "../../sync.ts";
import {
  completedTurn,
  print,
  printing,
  prints,
  printTurn,
  say,
  script,
  waitingFor,
} from "../support/fake_codex.ts";
import { runProgram } from "../support/run_program.ts";
import { MINUTE_MS, withinMinute } from "../../src/testing/waiting.ts";
import { BEGIN, hangingAfter, OTHER_ID, THREAD_ID } from "../thread/support.ts";
import { fakeClientSync } from "./support.ts";

/**
 * Prints each item with the time at which it is printed, and the next event only after
 * the previous one has arrived; exits if that takes a minute.
 */
const SLOW = `cat > /dev/null
${say(...BEGIN.slice(0, 2))}
for n in 1 2 3; do
  ${waitingFor("arrived-$((n + 1))")}
  sleep 0.05
  printf '{"type":"item.completed","item":{"id":"%s","type":"agent_message","text":"%s"}}\\n' $n "$(date +%s%3N)"
done
${waitingFor("arrived-5")}
${say(completedTurn("")[3] ?? "")}`;

Deno.test("ThreadSync.runStreamed yields each event while the CLI is still running, before the next is printed", async () => {
  await using fake = await fakeClientSync(SLOW);
  const streamed = fake.codex.startThread().runStreamed("Hi");
  const arrivals: { type: string; at: number; alive: boolean; text: string }[] =
    [];
  for (const event of streamed.events) {
    const text = event.type === "item.completed" &&
        event.item.type === "agent_message"
      ? event.item.text
      : "";
    const { type } = event;
    arrivals.push({ type, at: Date.now(), alive: fake.isThere(), text });
    fake.leaveNote(`arrived-${arrivals.length}`);
  }
  assertEquals(arrivals.map(({ type }) => type), [
    "thread.started",
    "turn.started",
    "item.completed",
    "item.completed",
    "item.completed",
    "turn.completed",
  ]);
  assert(arrivals.slice(0, 5).every(({ alive }) => alive));
  const printed = arrivals.filter(({ text }) => text !== "");
  printed.forEach(({ at, text }, index) => {
    assert(at >= Number(text));
    const next = printed[index + 1];
    if (next !== undefined) assert(at < Number(next.text));
  });
  assertEquals(streamed.result.finalResponse, printed[2]?.text);
});

Deno.test("ThreadSync.run returns the turn, and the thread can continue", async () => {
  await using fake = await fakeClientSync(printTurn("Hello"));
  const thread = fake.codex.startThread();
  assertEquals(thread.id, null);
  const turn = thread.run("Hi");
  assertEquals(thread.id, THREAD_ID);
  assertEquals([turn.threadId, turn.finalResponse], [THREAD_ID, "Hello"]);
  assertEquals(turn.usage?.input_tokens, 10);
  assertEquals(turn.turnUsage, turn.usage);
  assertEquals([turn.items.length, turn.attempts, turn.warnings], [1, [], []]);
  // The fake reports the same total again, so the second turn used nothing.
  assertEquals(thread.run("Again").turnUsage?.input_tokens, 0);
  const resumed = fake.codex.resumeThread(THREAD_ID);
  assertEquals(resumed.id, THREAD_ID);
  assertEquals(resumed.run("Hi").turnUsage, null);
});

Deno.test("StreamedTurnSync.events can be iterated once, and yields the same items as the result", async () => {
  await using fake = await fakeClientSync(printTurn("Hello"));
  const streamed = fake.codex.startThread().runStreamed("Hi");
  assertThrows(() => streamed.result, CodexThreadStreamNotConsumedError);
  assertEquals(fake.starts(), 0);
  const items: unknown[] = [];
  for (const event of streamed.events) {
    if (event.type === "item.completed") items.push(event.item);
    assertThrows(() => streamed.result, CodexThreadStreamNotConsumedError);
  }
  assertEquals([...streamed.events], []);
  assertStrictEquals(streamed.result, streamed.result);
  assertStrictEquals(streamed.result.items[0], items[0]);
});

Deno.test("Iterating a StreamedTurnSync iterates its events, and breaking out of the loop ends it", async () => {
  await using fake = await fakeClientSync(printing(...completedTurn("Hi")));
  const thread = fake.codex.startThread();
  const streamed = thread.runStreamed("Hi");
  assertEquals([...streamed].map(({ type }) => type), [
    "thread.started",
    "turn.started",
    "item.completed",
    "turn.completed",
  ]);
  assertEquals(streamed.result.finalResponse, "Hi");
  const left = thread.runStreamed("Again");
  for (const _ of left) break;
  assertEquals(left.events.next().done, true);
  assert(Deno.inspect(left).includes('status: "abandoned"'));
});

Deno.test("Leaving the loop by break or by an error ends the CLI", async () => {
  await using fake = await fakeClientSync(hangingAfter(...BEGIN));
  const thread = fake.codex.startThread();
  const left = thread.runStreamed("Hi");
  for (const event of left.events) {
    assert(fake.isThere());
    if (event.type === "turn.started") break;
  }
  assert(!fake.isThere());
  assertThrows(() => left.result, CodexThreadStreamNotConsumedError);
  assertEquals([...left.events], []);

  const mine = new TypeError("mine");
  const thrown = assertThrows(() => {
    for (const _ of thread.runStreamed("Hi").events) throw mine;
  });
  assertStrictEquals(thrown, mine);
  assert(!fake.isThere());
  assertEquals(fake.starts(), 2);
});

Deno.test("A `using` declaration ends a streamed turn, even if it has not begun or has already ended", async () => {
  await using fake = await fakeClientSync(hangingAfter(...BEGIN));
  const thread = fake.codex.startThread();
  {
    using unused = thread.runStreamed("Hi");
    assert(unused.events !== undefined);
  }
  assertEquals(fake.starts(), 0);
  {
    using streamed = thread.runStreamed("Hi");
    assertEquals(streamed.events.next().value?.type, "thread.started");
    assert(fake.isThere());
  }
  assert(!fake.isThere());
  const streamed = thread.runStreamed("Hi");
  streamed.events.next();
  streamed[Symbol.dispose]();
  streamed[Symbol.dispose]();
  assertEquals(streamed.events.next(), { done: true, value: undefined });
});

Deno.test("In the loop of a turn, another turn of its thread is rejected; one of another thread runs", async () => {
  await using fake = await fakeClientSync(printTurn("Hello"));
  const thread = fake.codex.startThread();
  const streamed = thread.runStreamed("Hi");
  let inner = "";
  for (const _ of streamed.events) {
    const error = assertThrows(() => thread.run("In between"), CodexInputError);
    assertEquals(error.path, "thread");
    inner = fake.codex.startThread().run("Beside it").finalResponse;
  }
  assertEquals([inner, streamed.result.finalResponse], ["Hello", "Hello"]);
  assertEquals(thread.run("After it").finalResponse, "Hello");
});

Deno.test("A failed turn throws its error from run, from the events and from result", async () => {
  await using fake = await fakeClientSync(
    [
      "read",
      ...print(...BEGIN),
      prints("Segmentation fault\n", { to: "stderr" }),
      "exit 139",
    ],
  );
  const thread = fake.codex.startThread();
  const error = assertThrows(() => thread.run("Hi"), CodexExecError);
  assertEquals([error.code, error.exitCode], ["exited", 139]);
  assertEquals(error.stderr, "Segmentation fault\n");
  assertEquals(error.items.map(({ id }) => id), ["item_0"]);
  assert(error.argv.includes("--json") || error.argv.length > 0);
  // The stack of the waiting caller, not that of the thread that ran the turn.
  assert(error.stack?.includes("turns_test.ts"));

  const streamed = thread.runStreamed("Hi");
  const events: ThreadEvent[] = [];
  const fromLoop = assertThrows(() => {
    for (const event of streamed.events) events.push(event);
  }, CodexExecError);
  assertEquals(events.length, 3);
  assertStrictEquals(assertThrows(() => streamed.result), fromLoop);
});

Deno.test("Each kind of failure throws its own error class", async () => {
  await using failing = await fakeClientSync(
    [
      "read",
      ...print(...BEGIN, '{"type":"turn.failed","error":{"message":"quota"}}'),
      "exit 1",
    ],
  );
  const failed = assertThrows(
    () => failing.codex.startThread().run("Hi"),
    CodexThreadRunError,
    "quota",
  );
  assertEquals(failed.code, "turn_failed");
  const other = assertThrows(
    () => failing.codex.resumeThread(OTHER_ID).run("Hi"),
    CodexThreadNotFoundError,
  );
  assertEquals([other.requestedThreadId, other.openedThreadId], [
    OTHER_ID,
    THREAD_ID,
  ]);
  const missing = assertThrows(
    () =>
      new CodexSync({ codexPathOverride: "/no/codex" }).startThread().run("Hi"),
    CodexExecutableNotFoundError,
  );
  assertEquals(missing.searched.length, 1);
});

Deno.test("timeoutMs and idleTimeoutMs end a turn", async () => {
  await using fake = await fakeClientSync(hangingAfter(...BEGIN));
  const thread = fake.codex.startThread();
  const late = assertThrows(
    () => thread.run("Hi", { timeoutMs: 3000 }),
    CodexTimeoutError,
  );
  assertEquals([late.limitMs, late.code], [3000, "turn_timeout"]);
  assertEquals(late.items.length, 1);
  const idle = assertThrows(
    () => thread.run("Hi", { idleTimeoutMs: 200 }),
    CodexIdleTimeoutError,
  );
  assertEquals(idle.limitMs, 200);
  assert(!fake.isThere());
});

Deno.test("A CancelFlag that is set by another thread ends a turn without any event arriving", async () => {
  await using fake = await fakeClientSync(hangingAfter(...BEGIN));
  const flag = new CancelFlag();
  const source = `onmessage = ({ data }) => setTimeout(() => {
    Atomics.store(new Int32Array(data), 0, 1);
    postMessage(Date.now());
  }, 300);
  postMessage("ready");`;
  const worker = new Worker(`data:text/javascript,${source}`, {
    type: "module",
  });
  await withinMinute(
    "a word of the other thread",
    new Promise((resolve) => worker.onmessage = resolve),
  );
  const setAt = new Promise<number>((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
  });
  worker.postMessage(flag.buffer);
  const error = assertThrows(
    () => fake.codex.startThread().run("Hi", { signal: flag }),
    CodexCancelledError,
  );
  const endedAt = Date.now();
  // The fake would sleep longer.
  const at = await withinMinute("the time at which it was set", setAt);
  assert(endedAt - at < MINUTE_MS);
  worker.terminate();
  assertEquals([error.name, error.code], ["AbortError", "ABORT_ERR"]);
  assertEquals(error.items.length, 1);
  assert(!fake.isThere());

  const before = fake.starts();
  assertThrows(
    () => fake.codex.startThread().run("Hi", { signal: flag }),
    CodexCancelledError,
  );
  assertEquals(fake.starts(), before);
});

Deno.test("Setting the flag inside the loop ends the turn at the next event", async () => {
  await using fake = await fakeClientSync(hangingAfter(...BEGIN));
  const flag = new CancelFlag();
  const streamed = fake.codex.startThread().runStreamed("Hi", { signal: flag });
  assertThrows(() => {
    for (const _ of streamed.events) flag.set();
  }, CodexCancelledError);
  assertThrows(() => streamed.result, CodexCancelledError);
});

Deno.test("Invalid input and options are rejected before anything is started", async () => {
  await using fake = await fakeClientSync(printTurn("Hello"));
  const thread = fake.codex.startThread();
  const inputs: [unknown, string][] = [
    ["  ", "input"],
    [42, "input"],
    [[{ type: "sound" }], "input[0].type"],
    [
      [{ type: "text", text: "Hi" }, { type: "image", image: new Blob([]) }],
      "input[1].image",
    ],
  ];
  for (const [input, path] of inputs) {
    const error = assertThrows(
      () => thread.runStreamed(input as InputSync),
      CodexInputError,
    );
    assertEquals(error.path, path);
  }
  const signals: unknown[] = [AbortSignal.timeout(1), {}, true];
  for (const signal of signals) {
    const error = assertThrows(
      () => thread.run("Hi", { signal: signal as CancelFlag }),
      CodexInputError,
      "CancelFlag",
    );
    assertEquals(error.path, "signal");
  }
  assertThrows(() => thread.run("Hi", { timeoutMs: -1 }), CodexInputError);
  assertThrows(
    () => thread.run("Hi", { outputSchema: [] }),
    CodexOutputSchemaError,
  );
  assertThrows(
    () => new CodexSync({ maxLineBytes: -1 }),
    CodexInputError,
  );
  assertThrows(
    () => fake.codex.resumeThread("--last"),
    CodexInputError,
  );
  assertThrows(
    () => fake.codex.startThread({ model: 7 as unknown as string }),
    CodexInputError,
  );
  const config = { numbers: [Number.NaN] };
  const wrong = new CodexSync({ codexPathOverride: fake.path, config });
  const error = assertThrows(
    () => wrong.startThread().run("Hi"),
    CodexConfigError,
  );
  assertEquals(error.path, "numbers[0]");
  assertEquals(fake.starts(), 0);
});

Deno.test("Options may be proxies and may have getters", async () => {
  await using fake = await fakeClientSync(
    [
      script(`printf '%s' "$PLACE|$*" > "$FAKE_HOME/seen"`),
      printTurn("Hello"),
    ],
  );
  class Options {
    get codexPathOverride(): string {
      return fake.path;
    }
    env = new Proxy({ PATH: Deno.env.get("PATH"), PLACE: "moon" }, {});
    config = new Proxy({ mock: { deep: [1, "two"] } }, {});
  }
  const options: CodexOptions = new Options();
  new CodexSync(options).startThread().run("Hi");
  const seen = await Deno.readTextFile(`${fake.folder}/seen`);
  assert(seen.startsWith("moon|"), seen);
  assert(seen.includes('mock.deep=[1, "two"]'), seen);
});

Deno.test("The CLI gets the host's environment as it is when the turn begins", async () => {
  await using fake = await fakeClientSync(
    [
      script(`printf '%s' "$ACODEX_TEST_LATER" > "$FAKE_HOME/seen"`),
      printTurn("Hello"),
    ],
  );
  const values = ["first", "second"];
  assertEquals(
    await runProgram(new URL("environment_host.ts", import.meta.url), {
      path: fake.path,
      note: `${fake.folder}/seen`,
      variable: "ACODEX_TEST_LATER",
      values,
    }),
    values,
  );
});

Deno.test("A type judges answers on the blocked thread, and repairs continue until one is valid", async () => {
  const answer = (text: string): string =>
    printing(...completedTurn(text)).replace("cat > /dev/null", "");
  await using fake = await fakeClientSync(
    `cat >> "$FAKE_HOME/prompts"
if [ "$FAKE_RUN" = 1 ]; then ${answer('{"count":"one"}')}
else ${answer('{"count":1}')}
fi`,
  );
  const judged: unknown[] = [];
  const Count = z.object({
    count: z.preprocess((value) => {
      judged.push(value);
      return value;
    }, z.number()),
  });
  const turn = fake.codex.startThread().run("Count", {
    outputType: Count,
    repair: 2,
  });
  assertEquals(turn.structuredResponse, { count: 1 });
  assertEquals(judged.slice(0, 2), ["one", 1]);
  const [first, second] = turn.attempts;
  assertInstanceOf(first?.error, CodexStructuredResponseError);
  assertInstanceOf(first.error.cause, z.core.$ZodError);
  assertEquals(first.error.issues[0]?.path, "/count");
  assertEquals(first.error.responseText, '{"count":"one"}');
  assertEquals([first.items.length, second?.items.length], [1, 1]);
  assertEquals([second?.error, turn.items.length], [null, 2]);
  const prompts = await Deno.readTextFile(`${fake.folder}/prompts`);
  assert(prompts.includes("/count"), prompts);
});

Deno.test("A zod/mini type is sent as a schema and decoded on the blocked thread", async () => {
  await using fake = await fakeClientSync(printTurn('{"a":1}'));
  const thread = fake.codex.startThread();
  const right = mini.object({ a: mini.number() });
  const turn = thread.run("Hi", { outputType: right });
  assertEquals(turn.structuredResponse, { a: 1 });
  const wrong = mini.object({ a: mini.string() });
  const other = thread.run("Hi", { outputType: wrong });
  assertThrows(() => other.structuredResponse, CodexStructuredResponseError);
});

Deno.test("The answer of a type that validates asynchronously is read by awaiting it after the turn", async () => {
  await using fake = await fakeClientSync(printTurn('{"a":1}'));
  const Later = z.object({ a: z.number().refine(() => Promise.resolve(true)) });
  const turn = fake.codex.startThread().run("Hi", {
    outputType: Later,
    repair: 1,
  });
  assertThrows(
    () => turn.structuredResponse,
    CodexInputError,
    "asynchronously",
  );
  assertEquals(await turn.readStructuredResponse(), { a: 1 });
});
