import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { ExecTransport } from "../../src/exec/transport.ts";
import type { FakeSteps } from "../../src/testing/fake.ts";
import { isRunning } from "../../src/testing/processes.ts";
import {
  completedTurn,
  fakeCodex,
  print,
  printTurn,
  waitingFor,
} from "../support/fake_codex.ts";
import { MINUTE_MS, timed, wait } from "../../src/testing/waiting.ts";
import {
  prepared,
  prepareTurn,
  readEnding,
  take,
  THREAD_STARTED,
} from "./transport_support.ts";

const COMPLETED = completedTurn("Done").at(-1) ?? "";
const FAILED = '{"type":"turn.failed","error":{"message":"No"}}';

Deno.test("ExecTransport yields events and diagnostics in batches, and reports the exit", async () => {
  const lines = completedTurn("Done");
  await using fake = await fakeCodex(
    ["read", ...print("a warning", "", ...lines, '{"type":"new.kind","x":1}')],
  );
  const taken = await take(prepareTurn(fake.path));
  assertEquals(taken.events.map(({ type }) => type), [
    "thread.started",
    "turn.started",
    "item.completed",
    "turn.completed",
    "unknown",
  ]);
  assertEquals(
    taken.batches.flatMap(({ diagnostics }) => diagnostics)
      .map(({ kind, lineNumber }) => [kind, lineNumber]),
    [["noise", 1], ["unknown", 7]],
  );
  assertEquals(readEnding(taken, "exited"), {
    type: "exited",
    lingered: false,
    process: {
      exitCode: 0,
      signal: null,
      stderr: "",
      argv: ["exec", "--experimental-json"],
    },
  });
});

Deno.test("ExecTransport yields events while the CLI is still running", async () => {
  await using fake = await fakeCodex(
    `echo '${THREAD_STARTED}'
    ${waitingFor("go")}
    echo '${COMPLETED}'`,
  );
  // Deadlocks if the first event waits for the second.
  const { events } = await take(prepareTurn(fake.path), async ({ events }) => {
    if (events[0]?.type !== "thread.started") return;
    await Deno.writeTextFile(`${fake.folder}/go`, "");
  });
  assertEquals(events.length, 2);
});

Deno.test("ExecTransport passes the CLI the prompt, the arguments and the environment", async () => {
  await using fake = await fakeCodex(
    `cat > "$FAKE_HOME/prompt"
    printf '%s\\n' "$@" > "$FAKE_HOME/args"
    printf '%s' "$CODEX_API_KEY-$ONLY-$CODEX_INTERNAL_ORIGINATOR_OVERRIDE" > "$FAKE_HOME/env"`,
  );
  const prompt = "Grüße 🚀\n";
  const request = { prompt, threadOptions: { model: "m" } };
  const taken = await take(prepareTurn(fake.path, request, {
    apiKey: "the-key",
    env: { ONLY: "this", PATH: Deno.env.get("PATH") },
  }));
  const note = (name: string) => Deno.readTextFile(`${fake.folder}/${name}`);
  assertEquals(await note("prompt"), prompt);
  assertEquals(await note("args"), "exec\n--experimental-json\n--model\nm\n");
  assertEquals(await note("env"), "the-key-this-acodex_sdk_ts");
  const { process } = readEnding(taken, "exited");
  assertEquals(process.argv, ["exec", "--experimental-json", "--model", "…"]);
});

Deno.test("ExecTransport reports exit code, signal and stderr of a CLI that fails", async () => {
  await using exits = await fakeCodex("echo 'went wrong' >&2\nexit 3");
  const exited = readEnding(await take(prepareTurn(exits.path)), "exited");
  assertEquals(
    [exited.process.exitCode, exited.process.signal, exited.process.stderr],
    [3, null, "went wrong\n"],
  );
  await using dies = await fakeCodex("kill -9 $$");
  const killed = readEnding(await take(prepareTurn(dies.path)), "exited");
  assertEquals(
    [killed.process.exitCode, killed.process.signal, killed.lingered],
    [null, "SIGKILL", false],
  );
});

Deno.test("ExecTransport redacts the key in stderr", async () => {
  await using fake = await fakeCodex('echo "key: $CODEX_API_KEY" >&2\nexit 1');
  const apiKey = "sk-0123456789";
  const taken = await take(prepareTurn(fake.path, {}, { apiKey }));
  assertEquals(
    readEnding(taken, "exited").process.stderr,
    "key: [redacted]\n",
  );
});

Deno.test("ExecTransport reports the crash if a crash cut the last line", async () => {
  for (const crash of ["exit 9", "kill -9 $$"]) {
    await using fake = await fakeCodex(
      `echo '${THREAD_STARTED}'\nprintf '{"type":"item.comp'\n${crash}`,
    );
    const taken = await take(prepareTurn(fake.path));
    assertEquals(taken.events.length, 1);
    const { process } = readEnding(taken, "exited");
    assertEquals(process.exitCode === 9 || process.signal === "SIGKILL", true);
  }
});

Deno.test("ExecTransport reports a protocol error if the last line is cut without a crash", async () => {
  await using fake = await fakeCodex(
    `echo '${THREAD_STARTED}'\nprintf '{"type":"item.comp'`,
  );
  const taken = await take(prepareTurn(fake.path));
  assertEquals(taken.events.length, 1);
  const { problem, process } = readEnding(taken, "protocol_error");
  assertEquals([problem.code, problem.lineNumber], ["invalid_json", 2]);
  assertEquals(process.exitCode, 0);
});

/** The steps of a CLI before it lingers, and the event that it has printed by then. */
const LINGERING: [what: string, steps: FakeSteps, type: string][] = [
  ["turn.completed", `line ${COMPLETED}`, "turn.completed"],
  ["turn.failed", `line ${FAILED}`, "turn.failed"],
  [
    "the end of its output",
    [`line ${THREAD_STARTED}`, "close out"],
    "thread.started",
  ],
];

for (const [what, steps, type] of LINGERING) {
  Deno.test(`ExecTransport ends a CLI that lingers after ${what}`, async () => {
    await using fake = await fakeCodex(["pid pid", steps, "stay"]);
    const turn = prepareTurn(fake.path);
    const ms = await timed(async () => {
      const { events } = await take(turn);
      assertEquals(events.map((event) => event.type), [type]);
    });
    const { lingered, process } = readEnding(turn, "exited");
    assertEquals([lingered, process.signal], [true, "SIGINT"]);
    assertGreater(ms, 1900);
    assertLess(ms, MINUTE_MS);
    assertEquals(isRunning(Number(await fake.note("pid"))), false);
  });
}

Deno.test("ExecTransport does not report lingering if the CLI takes a moment to exit", async () => {
  await using fake = await fakeCodex(`echo '${COMPLETED}'\nsleep 0.3\nexit 2`);
  const { lingered, process } = readEnding(
    await take(prepareTurn(fake.path)),
    "exited",
  );
  assertEquals([lingered, process.exitCode], [false, 2]);
});

Deno.test("ExecTransport looks for a missing CLI again in the next turn", async () => {
  await using fake = await fakeCodex(printTurn("Done"));
  const program = `${fake.folder}/later`;
  const transport = new ExecTransport({ codexPathOverride: program });
  const missed = await take(prepared(transport));
  assertEquals(missed.events, []);
  const { error } = readEnding(missed, "not_started");
  assertEquals(error.code, "executable_not_found");
  await Deno.rename(fake.path, program);
  const found = await take(prepared(transport));
  assertEquals(readEnding(found, "exited").process.exitCode, 0);
});

Deno.test("ExecTransport starts nothing before the first batch is requested", async () => {
  await using fake = await fakeCodex('echo started > "$FAKE_HOME/started"');
  const turn = prepareTurn(fake.path, { outputSchema: { type: "object" } });
  await wait(200);
  assertEquals(turn.ending, null);
  const names = await Array.fromAsync(Deno.readDir(fake.folder));
  assertEquals(
    names.map(({ name }) => name).sort(),
    ["codex", "codex.1.sh", "codex.steps"],
  );
});
