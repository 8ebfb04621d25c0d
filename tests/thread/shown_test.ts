import { assertEquals, assertMatch } from "@std/assert";
import { CodexExecError } from "../../mod.ts";
import { completedTurn, printing } from "../support/fake_codex.ts";
import { BEGIN, fakeClient, hangingAfter, OTHER_ID, types } from "./support.ts";

const SECRETS = { apiKey: "sk-key-in-options", env: { TOKEN: "t0ken-value" } };

Deno.test("StreamedTurn prints its items so far while it runs, and that it was left", async () => {
  await using fake = await fakeClient(
    `cat > /dev/null\n${hangingAfter(...BEGIN)}`,
    { ...SECRETS, envMode: "merge" },
  );
  const thread = fake.codex.startThread();
  const streamed = await thread.runStreamed("My secret prompt");
  const seen = [];
  for await (const event of streamed) {
    seen.push(event);
    if (event.type === "item.completed") break;
  }
  assertEquals(types(seen), [
    "thread.started",
    "turn.started",
    "item.completed",
  ]);
  const text = Deno.inspect({ codex: fake.codex, thread, streamed });
  assertMatch(text, /status: "abandoned"/);
  assertMatch(text, /text: "Hi"/);
  assertEquals(/secret|sk-key|t0ken/.test(text), false);
});

Deno.test("StreamedTurn prints the error of a turn that failed", async () => {
  await using fake = await fakeClient("exit 3", SECRETS);
  const streamed = await fake.codex.startThread().runStreamed(
    "My secret prompt",
  );
  const error = await streamed.events.next().then(
    () => undefined,
    (error) => error,
  );
  assertEquals(error instanceof CodexExecError, true);
  const text = Deno.inspect(streamed);
  assertMatch(
    text,
    /^StreamedTurn \{\s*status: "failed",\s*error: CodexExecError: codex exited/,
  );
  assertEquals(/secret|sk-key|t0ken/.test(text), false);
});

Deno.test("Thread prints its id and options, and Turn what the agent did", async () => {
  await using fake = await fakeClient(
    printing(...completedTurn("Hi")),
    SECRETS,
  );
  const thread = fake.codex.startThread({
    model: "m",
    additionalDirectories: [],
  });
  assertEquals(
    Deno.inspect(thread),
    'Thread { id: null, options: { model: "m", additionalDirectories: [] } }',
  );
  assertEquals(
    Deno.inspect(fake.codex.resumeThread(OTHER_ID)),
    `Thread { id: "${OTHER_ID}", options: {} }`,
  );
  const turn = await thread.run("My secret prompt");
  const text = Deno.inspect(turn);
  assertMatch(text, /^Turn \{/);
  assertMatch(text, /finalResponse: "Hi"/);
  assertMatch(text, /type: "agent_message"/);
  assertEquals(/secret|sk-key|t0ken/.test(text), false);
});

Deno.test("Printed properties are not enumerable, cloned or serialized as JSON", async () => {
  await using fake = await fakeClient("exit 3");
  const thread = fake.codex.startThread();
  assertEquals(JSON.stringify(thread), "{}");
  assertEquals(structuredClone(thread), {} as typeof thread);
});
