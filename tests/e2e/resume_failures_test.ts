import { assertEquals, assertInstanceOf } from "@std/assert";
import { CodexThreadRunError, type Thread } from "../../mod.ts";
import { modelAnswer, modelDelay, modelMessage } from "../../testing.ts";
import { RESUME_FAILURES } from "../../src/turn/resume_failures.ts";
import { type RealCodex, realCodex } from "../support/real_codex.ts";

// Facts F9 and F40: only the CLI's message says why it does not resume a thread.

/** Finds the rollout of a home's only thread. */
async function rolloutIn(folder: string): Promise<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) return await rolloutIn(path);
    if (name.startsWith("rollout-")) return path;
  }
  throw new Error(`No rollout in ${folder}`);
}

/** Changes to a thread, each with the code and the message of its next turn's error. */
const CASES: [
  name: string,
  change: (real: RealCodex, thread: Thread) => Promise<unknown>,
  code: string,
  words: string,
][] = [
  [
    "whose file is gone",
    async ({ home }) => await Deno.remove(await rolloutIn(`${home}/sessions`)),
    "thread_not_found",
    "the CLI does not know it",
  ],
  [
    "that is archived",
    ({ home }, { id }) =>
      new Deno.Command("node_modules/.bin/codex", {
        args: ["archive", String(id)],
        env: { CODEX_HOME: home },
      }).output(),
    "thread_not_resumable",
    'it is archived; run "codex unarchive ',
  ],
  [
    "whose file is empty",
    async ({ home }) =>
      await Deno.truncate(await rolloutIn(`${home}/sessions`)),
    "thread_not_resumable",
    "its file is empty",
  ],
  [
    "whose file lacks its first line",
    async ({ home }) => {
      const path = await rolloutIn(`${home}/sessions`);
      const text = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, text.slice(text.indexOf("\n") + 1));
    },
    "thread_not_resumable",
    "its file is damaged",
  ],
];

for (const [name, change, code, words] of CASES) {
  Deno.test(`A thread ${name} fails with ${code}`, async () => {
    await using real = await realCodex(() => modelAnswer(modelMessage("ok")));
    const thread = real.codex.startThread(real.inRepo);
    await thread.run("Hi");
    await change(real, thread);
    const error = await real.codex.resumeThread(String(thread.id), real.inRepo)
      .run("Again").catch((error) => error);
    assertInstanceOf(error, CodexThreadRunError);
    assertEquals(error.code, code);
    const start = `Cannot resume thread ${thread.id}: ${words}`;
    assertEquals(error.message.slice(0, start.length), start);
  });
}

Deno.test("A thread whose turn runs in another process fails with thread_busy", async () => {
  await using real = await realCodex(() =>
    modelDelay(1500, modelAnswer(modelMessage("ok")))
  );
  const thread = real.codex.startThread(real.inRepo);
  const first = await thread.runStreamed("Hi");
  await first.events.next();
  await first.events.next();
  const error = await real.codex.resumeThread(String(thread.id), real.inRepo)
    .run("Again").catch((error) => error);
  assertInstanceOf(error, CodexThreadRunError);
  assertEquals(error.code, "thread_busy");
  for await (const _ of first.events);
  assertEquals(first.result.finalResponse, "ok");
  const again = await real.codex.resumeThread(String(thread.id), real.inRepo)
    .run("Again");
  assertEquals(again.finalResponse, "ok");
});

Deno.test("RESUME_FAILURES has as many rows as there are cases here", () => {
  assertEquals(RESUME_FAILURES.length, CASES.length + 1);
});
