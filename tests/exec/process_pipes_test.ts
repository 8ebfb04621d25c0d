import {
  assert,
  assertEquals,
  assertLess,
  assertLessOrEqual,
} from "@std/assert";
import { MINUTE_MS, SLEEP, timed, wait } from "../../src/testing/waiting.ts";
import { readAll, readText, run } from "./process_support.ts";

/** 8 MiB of text with everything that could be mangled on the way. */
function largePrompt(): string {
  const part = "line\r\n\t\u0000 \u2028 grüße € 🚀 '\"\\$(x) \ufeff";
  const bytes = new TextEncoder().encode(part).length;
  return part.repeat(Math.ceil(8 * 1024 * 1024 / bytes));
}

Deno.test("CodexProcess passes the prompt byte for byte, and closes stdin", async () => {
  const prompt = largePrompt();
  await using fake = await run('cat > "$FAKE_HOME/prompt"; echo done', {
    prompt,
  });
  assertEquals(await readText(fake.process), "done\n");
  assertEquals(await fake.process.finish(), { exitCode: 0, signal: null });
  const received = await Deno.readTextFile(`${fake.fake.folder}/prompt`);
  // Compared as a whole: a diff of 8 MiB would take too long.
  assert(received === prompt);
});

Deno.test("CodexProcess keeps the end of a flood of stderr, which does not block it", async () => {
  await using fake = await run(
    "head -c 20000000 /dev/zero | tr '\\0' e >&2\nprintf end >&2\necho line",
  );
  assertEquals(await readText(fake.process), "line\n");
  assertEquals(await fake.process.finish(), { exitCode: 0, signal: null });
  assertEquals(fake.process.stderr, `${"e".repeat(64 * 1024 - 3)}end`);
});

Deno.test("CodexProcess does not read ahead of its consumer", async () => {
  await using fake = await run(
    `echo yes > "$FAKE_HOME/started"
    i=0
    while [ $i -lt 50 ]; do
      head -c 1000000 /dev/zero
      i=$((i + 1))
      echo $i > "$FAKE_HOME/written"
    done`,
  );
  await fake.fake.note("started");
  // Waits until the child has written some, and then until it has been stuck for a
  // while.
  const written = async (): Promise<number> =>
    Number(
      await Deno.readTextFile(`${fake.fake.folder}/written`).catch(() => 0),
    );
  let before = -1;
  for (let now = 0; now !== before; now = await written()) {
    before = now;
    await wait(500);
  }
  // A megabyte fits neither the pipe nor Deno's read-ahead.
  assertLessOrEqual(before, 1);
  assertEquals((await readAll(fake.process)).length, 50_000_000);
  assertEquals(await fake.process.finish(), { exitCode: 0, signal: null });
});

Deno.test("CodexProcess stops waiting for output soon after the child has exited", async () => {
  await using fake = await run(
    `echo early
    (sleep 0.05; echo late; echo late >&2; exec ${SLEEP}) &
    exit 7`,
  );
  let text = "";
  // The pipes would stay open for longer than that.
  const ms = await timed(async () => {
    text = await readText(fake.process);
    assertEquals(await fake.process.finish(), { exitCode: 7, signal: null });
  });
  assertLess(ms, MINUTE_MS);
  assertEquals(text, "early\nlate\n");
  assertEquals(fake.process.stderr, "late\n");
});

Deno.test("CodexProcess does not wait for a grandchild that holds its pipes and prints for longer than a minute", async () => {
  // The child exits while a read waits.
  await using fake = await run(
    `(i=0; while [ $i -lt 1000 ]; do echo tick; sleep 0.1; i=$((i + 1)); done) &
    sleep 0.3
    exit 7`,
  );
  const ms = await timed(async () => {
    await readText(fake.process);
    const status = await fake.process.finish();
    assertEquals(status, { exitCode: 7, signal: null });
  });
  assertLess(ms, MINUTE_MS);
});

Deno.test("CodexProcess loses no output of an exited child when the consumer is slow", async () => {
  await using fake = await run("head -c 1000000 /dev/zero &\nexit 0");
  let length = 0;
  let reads = 0;
  for (;;) {
    const chunk = await fake.process.read();
    if (chunk === undefined) break;
    length += chunk.length;
    reads += 1;
    // Altogether far longer than the grace for late output.
    await wait(100);
  }
  assertEquals(length, 1_000_000);
  assert(reads > 10, `only ${reads} reads`);
  assertEquals(await fake.process.finish(), { exitCode: 0, signal: null });
});

Deno.test("CodexProcess.read() stays at its end after the end of stdout", async () => {
  await using fake = await run("echo line");
  assertEquals(await readText(fake.process), "line\n");
  assertEquals(await fake.process.read(), undefined);
  await fake.process.finish();
  assertEquals(await fake.process.read(), undefined);
});

Deno.test("CodexProcess finishes even if nobody has read its output", async () => {
  await using fake = await run(
    'head -c 60000 /dev/zero; echo x > "$FAKE_HOME/written"; exit 4',
  );
  await fake.fake.note("written");
  assertEquals(await fake.process.finish(), { exitCode: 4, signal: null });
});
