/**
 * Runs an agent with tools for data that only this program has, a list of errands, until you
 * enter nothing: `deno run -A examples/tools.ts "What is left to do today?"`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { CodexAppServer, tool } from "@acodex/sdk/app-server";
import { z } from "zod";

const errands = new Map([
  [1, { what: "Call the plumber", done: true }],
  [2, { what: "Buy milk", done: false }],
]);

const listErrands = tool({
  name: "list_errands",
  description: "Lists the user's errands, with their numbers",
  input: z.object({ done: z.boolean().optional() }),
  run: ({ done }) => ({
    errands: [...errands].flatMap(([number, errand]) =>
      done === undefined || errand.done === done ? [{ number, ...errand }] : []
    ),
  }),
});

const finishErrand = tool({
  name: "finish_errand",
  description: "Notes that an errand of the user is done",
  input: z.object({ number: z.number().int() }),
  run({ number }) {
    const errand = errands.get(number);
    // The agent gets this error and may try again.
    if (errand === undefined) throw new Error(`There is no errand ${number}`);
    errands.set(number, { ...errand, done: true });
    return `Done: ${errand.what}`;
  },
});

const codex = new CodexAppServer({ tools: [listErrands, finishErrand] });
try {
  const thread = codex.startThread({
    sandboxMode: "read-only",
    skipGitRepoCheck: true,
  });
  for (
    let task: string | null = Deno.args[0] ?? "What is left to do today?";
    task;
    task = prompt("And now?")
  ) {
    for await (const event of await thread.runStreamed(task)) {
      if (event.type !== "item.completed") continue;
      const { item } = event;
      if (item.type === "agent_message") console.log(item.text);
      if (item.type === "mcp_tool_call") {
        console.log(`> ${item.tool} ${JSON.stringify(item.arguments)}`);
      }
    }
  }
} finally {
  await codex.close();
}
