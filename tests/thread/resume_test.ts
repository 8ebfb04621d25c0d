import {
  assertEquals,
  assertLess,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  CodexInputError,
  CodexThreadNotFoundError,
  type ThreadEvent,
} from "../../mod.ts";
import { printing, printTurn, script } from "../support/fake_codex.ts";
import { MINUTE_MS } from "../../src/testing/waiting.ts";
import {
  BEGIN,
  fakeClient,
  hangingAfter,
  OTHER_ID,
  THREAD_ID,
} from "./support.ts";

Deno.test("Codex.resumeThread fails before the first event if the CLI opens another thread", async () => {
  await using fake = await fakeClient(
    `cat > /dev/null\necho $$ > "$FAKE_HOME/log"\n${hangingAfter(...BEGIN)}`,
  );
  const thread = fake.codex.resumeThread(OTHER_ID);
  const streamed = await thread.runStreamed("Hi");
  const events: ThreadEvent[] = [];
  const started = performance.now();
  const error = await assertRejects(async () => {
    for await (const event of streamed.events) events.push(event);
  }, CodexThreadNotFoundError);
  assertLess(performance.now() - started, MINUTE_MS);
  assertEquals(events, []);
  assertEquals(error.requestedThreadId, OTHER_ID);
  assertEquals(error.openedThreadId, THREAD_ID);
  assertEquals(thread.id, OTHER_ID);
  const [pid] = fake.log();
  assertThrows(
    () => Deno.kill(Number(pid), "SIGTERM"),
    Deno.errors.NotFound,
  );
});

Deno.test("Codex.resumeThread fails if the CLI completed the turn of another thread", async () => {
  await using fake = await fakeClient(printTurn("Hi"));
  const thread = fake.codex.resumeThread(OTHER_ID);
  await assertRejects(() => thread.run("Hi"), CodexThreadNotFoundError);
  assertEquals(thread.id, OTHER_ID);
});

Deno.test("Codex.resumeThread adopts the CLI's spelling of the requested id", async () => {
  await using fake = await fakeClient(
    [script('echo "$*" > "$FAKE_HOME/log"'), printTurn("Hi")],
  );
  const asked = THREAD_ID.toUpperCase();
  const thread = fake.codex.resumeThread(asked);
  assertEquals(thread.id, asked);
  await thread.run("Hi");
  assertEquals(thread.id, THREAD_ID);
  assertEquals(
    fake.log()[0]?.endsWith(`resume ${asked}`),
    true,
  );
});

Deno.test("Thread resumes the thread that its first turn opened, even if that turn failed", async () => {
  await using fake = await fakeClient(`
echo "$*" >> "$FAKE_HOME/log"
${printing(...BEGIN, '{"type":"turn.failed","error":{"message":"No"}}')}
exit 1`);
  const thread = fake.codex.startThread();
  await assertRejects(() => thread.run("Hi"));
  assertEquals(thread.id, THREAD_ID);
  await assertRejects(() => thread.run("Hi"));
  assertEquals(
    fake.log().map((args) => args.includes(`resume ${THREAD_ID}`)),
    [false, true],
  );
});

// Facts F9.
Deno.test("Codex.resumeThread rejects ids that the CLI would read as a flag or another thread", async () => {
  await using fake = await fakeClient(printTurn("Hi"));
  for (const id of ["", "--last", "my-thread", ` ${THREAD_ID}`]) {
    assertThrows(() => fake.codex.resumeThread(id), CodexInputError);
  }
});

// Facts F25.
Deno.test("Thread forgets a thread whose first turn ended before turn.started", async () => {
  await using fake = await fakeClient(
    `echo "$*" >> "$FAKE_HOME/log"\n${hangingAfter(BEGIN[0] ?? "")}`,
  );
  const thread = fake.codex.startThread();
  for (let turn = 0; turn < 2; turn++) {
    const { events } = await thread.runStreamed("Hi");
    for await (const event of events) {
      assertEquals([event.type, thread.id], ["thread.started", THREAD_ID]);
      break;
    }
    assertEquals(thread.id, null);
  }
  const commands = fake.log();
  assertEquals(commands.map((line) => line.includes("resume")), [false, false]);
});

Deno.test("Thread keeps a thread whose first turn was left after turn.started", async () => {
  await using fake = await fakeClient(hangingAfter(...BEGIN));
  const thread = fake.codex.startThread();
  const { events } = await thread.runStreamed("Hi");
  for await (const event of events) {
    if (event.type === "turn.started") break;
  }
  assertEquals(thread.id, THREAD_ID);
});
