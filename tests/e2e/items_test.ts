import {
  assert,
  assertEquals,
  assertObjectMatch,
  assertStringIncludes,
} from "@std/assert";
import type { ThreadEvent, ThreadItem } from "../../mod.ts";
import {
  modelAnswer,
  modelCommand,
  modelMessage,
  modelPatch,
  modelPlan,
  modelReasoning,
  modelWebSearch,
} from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";

Deno.test("Thread.run reports a command and its output in events, result and to the model", async () => {
  await using real = await realCodex([
    modelAnswer(
      modelCommand("printf 'for %s' all > note.txt; cat note.txt"),
    ),
    modelAnswer(modelMessage("Done")),
  ]);
  const streamed = await real.codex.startThread(real.inRepo).runStreamed("Run");
  const events = await Array.fromAsync(streamed.events);
  assertObjectMatch({ ...started(events) }, {
    type: "command_execution",
    status: "in_progress",
    exit_code: null,
  });
  const { items } = streamed.result;
  assertObjectMatch({ ...items[0] }, {
    type: "command_execution",
    status: "completed",
    exit_code: 0,
    aggregated_output: "for all",
  });
  assertStringIncludes(
    real.model.requests[1]?.toolOutputs[0]?.text ?? "",
    "for all",
  );
  assertEquals(await Deno.readTextFile(`${real.repo}/note.txt`), "for all");
});

Deno.test("Thread.run continues after a failed command", async () => {
  await using real = await realCodex([
    modelAnswer(modelCommand("echo broken; exit 7")),
    modelAnswer(modelMessage("It failed")),
  ]);
  const turn = await real.codex.startThread(real.inRepo).run("Run");
  assertObjectMatch({ ...turn.items[0] }, {
    type: "command_execution",
    status: "failed",
    exit_code: 7,
    aggregated_output: "broken\n",
  });
  assertEquals(turn.finalResponse, "It failed");
  assertEquals(turn.warnings, []);
});

Deno.test("Thread.run knows every item that the CLI prints, also with strictEvents", async () => {
  await using real = await realCodex([
    modelAnswer(
      modelReasoning("Thinking"),
      modelWebSearch("cats"),
      modelPlan(["Look", { step: "Write", status: "completed" }]),
      modelPatch(
        "*** Begin Patch\n*** Add File: new.txt\n+hello\n*** End Patch",
      ),
    ),
    modelAnswer(modelCommand("cat new.txt")),
    modelAnswer(modelMessage("Done")),
  ]);
  const turn = await real.client({ strictEvents: true })
    .startThread(real.inRepo).run("Work");
  assertEquals(turn.diagnostics, []);
  assertEquals(turn.items.map((item) => item.type).sort(), [
    "agent_message",
    "command_execution",
    "file_change",
    "reasoning",
    "todo_list",
    "web_search",
  ]);
  assertObjectMatch(
    { ...turn.items.find((item) => item.type === "file_change") },
    { changes: [{ path: `${real.repo}/new.txt`, kind: "add" }] },
  );
  assertObjectMatch(
    { ...turn.items.find((item) => item.type === "todo_list") },
    {
      items: [{ text: "Look", completed: false }, {
        text: "Write",
        completed: true,
      }],
    },
  );
});

Deno.test("Thread.run reports an unknown model as a warning", async () => {
  await using real = await realCodex([modelAnswer(modelMessage("ok"))]);
  const turn = await real.codex.startThread({
    ...real.inRepo,
    model: "no-such-model",
  }).run("Hi");
  assertEquals(real.model.requests[0]?.model, "no-such-model");
  assertEquals(turn.finalResponse, "ok");
  assert(
    turn.warnings.some((warning) => warning.includes("no-such-model")),
    turn.warnings.join("\n"),
  );
});

/** Returns the first item that was started. */
function started(events: readonly ThreadEvent[]): ThreadItem | undefined {
  const event = events.find((event) => event.type === "item.started");
  return event?.item;
}
