/**
 * The server of a turn's tools, in cases that the real CLI does not produce. @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { Codex, CodexError, CodexExecError, tool } from "../../mod.ts";
import { type FakeCodex, fakeCodex, printing } from "../support/fake_codex.ts";
import { until } from "../../src/testing/waiting.ts";
import { THREAD_STARTED } from "./transport_support.ts";

const TOOLS = [
  tool({
    name: "a",
    description: "Does it",
    input: { schema: { type: "object" }, parse: (value) => value },
    run: () => "",
  }),
];

/** Reads the tool server's URL that a fake CLI was given. */
async function urlIn(fake: FakeCodex): Promise<string> {
  const args = await until(
    "the arguments",
    () => Deno.readTextFile(`${fake.folder}/args`).catch(() => undefined),
  );
  const [, url] = /mcp_servers\.host\.url="([^"]+)"/.exec(args) ?? [];
  assert(url !== undefined, args);
  return url;
}

/** Tells whether the server answers. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: "POST" });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/** A piece of a script that records its arguments. */
const NOTE_ARGS =
  `printf '%s\\n' "$@" > "$FAKE_HOME/new"; mv "$FAKE_HOME/new" "$FAKE_HOME/args"`;

Deno.test("nothing listens after the end of a failed turn", async () => {
  await using fake = await fakeCodex(`${NOTE_ARGS}; exit 3`);
  const codex = new Codex({ codexPathOverride: fake.path, tools: TOOLS });
  await assertRejects(() => codex.startThread().run("?"), CodexExecError);
  assertEquals(await answers(await urlIn(fake)), false);
});

Deno.test("nothing listens if the CLI could not be started", async () => {
  // The test runner finds what would be left.
  await using fake = await fakeCodex("exit 0");
  await Deno.writeTextFile(fake.path, "no program");
  const codex = new Codex({ codexPathOverride: fake.path, tools: TOOLS });
  await assertRejects(() => codex.startThread().run("?"), CodexError);
});

Deno.test("nothing listens after an abort, even if the consumer reads no further", async () => {
  await using fake = await fakeCodex(
    `${NOTE_ARGS}\n${printing(THREAD_STARTED)}\nexec sleep 60`,
  );
  const codex = new Codex({ codexPathOverride: fake.path, tools: TOOLS });
  const abort = new AbortController();
  const streamed = await codex.startThread()
    .runStreamed("?", { signal: abort.signal });
  const { events } = streamed;
  assertEquals((await events.next()).value?.type, "thread.started");
  const url = await urlIn(fake);
  assertEquals(await answers(url), true);
  abort.abort();
  await until(
    "the end of the server",
    async () => await answers(url) ? undefined : true,
  );
  await assertRejects(() => events.next());
});

Deno.test("nothing listens for a turn without tools", async () => {
  await using fake = await fakeCodex(`${NOTE_ARGS}; exit 3`);
  const codex = new Codex({ codexPathOverride: fake.path, tools: [] });
  await assertRejects(() => codex.startThread().run("?"), CodexExecError);
  const args = await Deno.readTextFile(`${fake.folder}/args`);
  assertEquals(args.includes("mcp_servers"), false);
});

Deno.test("an error redacts the tool token that the CLI prints", async () => {
  await using fake = await fakeCodex(
    `printf '%s' "$ACODEX_TOOL_TOKEN" > "$FAKE_HOME/token"
echo "bad token $ACODEX_TOOL_TOKEN" >&2
exit 3`,
  );
  const codex = new Codex({ codexPathOverride: fake.path, tools: TOOLS });
  const error = await assertRejects(
    () => codex.startThread().run("?"),
    CodexExecError,
  );
  const token = await Deno.readTextFile(`${fake.folder}/token`);
  assertEquals(token.length, 64);
  const shown = `${error.message} ${error.stderr} ${Deno.inspect(error)}`;
  assert(shown.includes("bad token [redacted]"), shown);
  assertEquals(shown.includes(token), false);
});

Deno.test("two concurrent turns have different addresses and tokens", async () => {
  await using fake = await fakeCodex(
    `printf '%s\\n' "$ACODEX_TOOL_TOKEN" "$@" > "$FAKE_HOME/$$"; exit 3`,
  );
  const codex = new Codex({ codexPathOverride: fake.path, tools: TOOLS });
  await Promise.all(
    [1, 2].map(() =>
      assertRejects(() => codex.startThread().run("?"), CodexExecError)
    ),
  );
  const seen = new Set<string>();
  for await (const { name } of Deno.readDir(fake.folder)) {
    if (!/^\d+$/.test(name)) continue;
    const text = await Deno.readTextFile(`${fake.folder}/${name}`);
    seen.add(text.split("\n")[0] ?? "");
    seen.add(/mcp_servers\.host\.url="[^"]+\/([^"/]+)"/.exec(text)?.[1] ?? "");
  }
  assertEquals(seen.size, 4);
});
