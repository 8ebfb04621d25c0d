import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  Codex,
  CodexExecError,
  CodexExecutableNotFoundError,
  CodexIncompleteTurnError,
  CodexLineTooLongError,
  CodexProtocolError,
} from "../../mod.ts";
import {
  completedTurn,
  printing,
  printTurn,
  say,
} from "../support/fake_codex.ts";
import { MINUTE_MS, SLEEP } from "../support/waiting.ts";
import { BEGIN, fakeClient, hangingAfter } from "./support.ts";

/** Says something, then a line, and hangs. */
function hangingAfterLine(line: string): string {
  return `cat > /dev/null
echo $$ > "$FAKE_HOME/log"
${hangingAfter(...BEGIN, line)}`;
}

Deno.test("Thread.run ends the turn and the CLI at a line that is broken", async () => {
  await using fake = await fakeClient(hangingAfterLine('{"type":"turn.'));
  const started = performance.now();
  const error = await assertRejects(
    () => fake.codex.startThread().run("Hi"),
    CodexProtocolError,
  );
  assertLess(performance.now() - started, MINUTE_MS);
  assertEquals([error.code, error.lineNumber], ["invalid_json", 4]);
  assertEquals(error.items.length, 1);
  const [pid] = fake.log();
  assertThrows(() => Deno.kill(Number(pid), "SIGTERM"), Deno.errors.NotFound);
});

Deno.test("CodexOptions.strictEvents ends the turn at an event that is not known", async () => {
  await using fake = await fakeClient(
    hangingAfterLine('{"type":"weather.changed"}'),
    { strictEvents: true },
  );
  const error = await assertRejects(
    () => fake.codex.startThread().run("Hi"),
    CodexProtocolError,
    "weather.changed",
  );
  assertEquals([error.code, error.lineNumber], ["unexpected_event", 4]);
  assertEquals(error.items.length, 1);
});

Deno.test("CodexOptions.maxLineBytes ends the turn at a longer line", async () => {
  await using fake = await fakeClient(
    hangingAfterLine(
      JSON.stringify({ type: "error", message: "x".repeat(999) }),
    ),
    { maxLineBytes: 500 },
  );
  const error = await assertRejects(
    () => fake.codex.startThread().run("Hi"),
    CodexLineTooLongError,
  );
  assertEquals([error.code, error.lineNumber], ["line_too_long", 4]);
  assertEquals(error.items.length, 1);
});

Deno.test("Thread.run tells why the CLI exited, not that it did not read the prompt", async () => {
  await using fake = await fakeClient("echo 'No credit' >&2; exit 5");
  const error = await assertRejects(
    () => fake.codex.startThread().run("x".repeat(1_000_000)),
    CodexExecError,
    "codex exited with code 5: No credit",
  );
  assertEquals(error.exitCode, 5);
});

Deno.test("Thread.run waits for no CLI that lingers, after turn.completed or with its output closed", async () => {
  await using completed = await fakeClient(
    [printTurn("Hi"), "stay"],
  );
  await using closed = await fakeClient(
    `cat > /dev/null\n${say(...BEGIN)}\nexec ${SLEEP} > /dev/null 2>&1`,
  );
  const started = performance.now();
  const [turn, error] = await Promise.all([
    completed.codex.startThread().run("Hi"),
    assertRejects(
      () => closed.codex.startThread().run("Hi"),
      CodexIncompleteTurnError,
    ),
  ]);
  assertLess(performance.now() - started, MINUTE_MS);
  assertEquals(turn.finalResponse, "Hi");
  assertEquals(turn.warnings, []);
  assertEquals(error.items.length, 1);
});

Deno.test("Thread.run waits for no pipe that somebody else holds", async () => {
  await using fake = await fakeClient(`
${printing(...completedTurn("Hi"))}
${SLEEP} &
echo $! > "$FAKE_HOME/log"`);
  const started = performance.now();
  const turn = await fake.codex.startThread().run("Hi");
  assertLess(performance.now() - started, MINUTE_MS);
  assertEquals(turn.finalResponse, "Hi");
  const [pid] = fake.log();
  Deno.kill(Number(pid), "SIGKILL");
});

Deno.test("Thread.run says where it has looked for a CLI that is not there", async () => {
  const path = "/nowhere/codex";
  const thread = new Codex({ codexPathOverride: path }).startThread();
  const error = await assertRejects(
    () => thread.run("Hi"),
    CodexExecutableNotFoundError,
    path,
  );
  assertEquals(error.code, "executable_not_found");
  assert(error.searched.some((place) => place.includes(path)));
  assertEquals(thread.id, null);
});

Deno.test("Thread.run says that the system cannot start the CLI", async () => {
  await using fake = await fakeClient("exit 0");
  await Deno.chmod(fake.path, 0o600);
  const error = await assertRejects(
    () => fake.codex.startThread().run("Hi"),
    CodexExecError,
  );
  assertEquals(error.code, "spawn_failed");
  assert(error.message.includes(fake.path));
});
