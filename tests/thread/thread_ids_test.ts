import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import {
  Codex,
  CodexInputError,
  CodexProtocolError,
  CodexThreadRunError,
  type ThreadEvent,
} from "../../mod.ts";
import { buildArgs } from "../../src/exec/args.ts";
import { requestFor } from "../exec/transport_support.ts";
import { completedTurn, fakeCodex, print } from "../support/fake_codex.ts";
import { fakeClient, OTHER_ID, THREAD_ID, types } from "./support.ts";

const started = (id: string): string =>
  JSON.stringify({ type: "thread.started", thread_id: id });

const BYPASS = "--dangerously-bypass-approvals-and-sandbox";

// Facts F35.
for (const id of [BYPASS, "--last", "", "last", `${THREAD_ID} `, "\x1b[2J"]) {
  Deno.test(`A turn fails if the CLI reports ${JSON.stringify(id)} as the thread's id`, async () => {
    const [, ...rest] = completedTurn("Hello");
    await using fake = await fakeClient([
      "read",
      ...print(started(id), ...rest),
    ]);
    const thread = fake.codex.startThread();
    const error = await assertRejects(
      () => thread.run("Hi"),
      CodexProtocolError,
      "not a UUID",
    );
    assertEquals([error.code, thread.id], ["unexpected_event", null]);
    assertEquals(error.message.includes("\x1b"), false);
  });
}

Deno.test("A second thread.started with another id ends the turn, and the thread keeps its id", async () => {
  const [first = "", second = "", third = "", ...rest] = completedTurn("Hello");
  await using fake = await fakeClient(
    ["read", ...print(first, second, third, started(OTHER_ID), ...rest)],
  );
  const thread = fake.codex.startThread();
  const streamed = await thread.runStreamed("Hi");
  const events: ThreadEvent[] = [];
  const error = await assertRejects(async () => {
    for await (const event of streamed.events) events.push(event);
  }, CodexProtocolError);
  assertInstanceOf(error, CodexProtocolError);
  assertEquals(error.code, "unexpected_event");
  assertEquals([thread.id, error.threadId], [THREAD_ID, THREAD_ID]);
  // The events before it are not lost.
  assertEquals(types(events), [
    "thread.started",
    "turn.started",
    "item.completed",
  ]);
  assertEquals(error.items.length, 1);
});

/** Builds an id as the CLI does at a point in time. */
function idMadeAt(ms: number): string {
  const digits = ms.toString(16).padStart(12, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8)}${THREAD_ID.slice(13)}`;
}

Deno.test("Forking rejects the original thread, and resuming the last rejects a new thread", async () => {
  const [, ...rest] = completedTurn("Hello");
  const fresh = idMadeAt(Date.now() + 60_000);
  for (
    const [id, words, begin] of [
      [
        THREAD_ID,
        "instead of copying",
        (codex: Codex) => codex.forkThread(THREAD_ID),
      ],
      [fresh, "opened a new one", (codex: Codex) => codex.resumeLast()],
    ] as const
  ) {
    await using fake = await fakeClient([
      "read",
      ...print(started(id), ...rest),
    ]);
    const thread = begin(fake.codex);
    await assertRejects(() => thread.run("Hi"), CodexThreadRunError, words);
    assertEquals(thread.id, null);
  }
  await using old = await fakeClient([
    "read",
    ...print(started(idMadeAt(Date.now() - 60_000)), ...rest),
  ]);
  const turn = await old.codex.resumeLast().run("Hi");
  assertEquals(turn.finalResponse, "Hello");
});

Deno.test("The CLI may report the same thread twice, in any letter case, and another one after the turn is complete", async () => {
  const lines = completedTurn("Hello");
  await using fake = await fakeCodex(
    [
      "read",
      ...print(
        lines[0] ?? "",
        started(THREAD_ID.toUpperCase()),
        ...lines.slice(1),
        started(OTHER_ID),
      ),
    ],
  );
  const thread = new Codex({ codexPathOverride: fake.path }).startThread();
  assertEquals((await thread.run("Hi")).finalResponse, "Hello");
  assertEquals(thread.id?.toLowerCase(), THREAD_ID);
});

Deno.test("buildArgs passes only a UUID after resume", () => {
  for (const threadId of [BYPASS, "--last", "", "name"]) {
    const request = requestFor({ threadId });
    try {
      buildArgs({ options: {}, request, images: [], schemaPath: undefined });
    } catch (error) {
      assertInstanceOf(error, CodexInputError);
      continue;
    }
    throw new Error(`"${threadId}" follows resume`);
  }
});
