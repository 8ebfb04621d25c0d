/**
 * Runs the examples that have one source for Deno, Node and Bun unchanged on each, with
 * the packed package, the real CLI and a scripted model.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import {
  modelAnswer,
  modelCommand,
  modelMessage,
  modelPatch,
} from "../../testing.ts";
import { type ExampleRun, runExample } from "./run_example.ts";

const INVOICE = {
  ...{ number: "A-7", date: "2026-01-02", currency: null, total: 12 },
  lines: [{ text: "Tea", amount: 12 }],
};

const RUNS: Readonly<Record<string, readonly ExampleRun[]>> = {
  "quickstart.ts": [{
    args: ["What is this?"],
    reply: () => modelAnswer(modelMessage("A test")),
    check: ({ code, stdout, stderr, prompts }) => {
      assertEquals([code, stderr, prompts], [0, "", ["What is this?"]]);
      assertMatch(stdout, /^A test\nthread [-0-9a-f]{36}, tokens/);
    },
  }],
  "batch.ts": [{
    args: ["Say hello", ".", "./nowhere"],
    reply: () => modelAnswer(modelMessage("Hello")),
    check: ({ code, stdout, prompts }) => {
      assertEquals([code, prompts], [1, ["Say hello"]]);
      assertMatch(stdout, /Cannot work in "\.\/nowhere"/);
    },
  }],
  "live_feed.ts": [{
    args: ["Make a file"],
    reply: ({ toolOutputs }) =>
      modelAnswer(
        [
          modelCommand("echo hi"),
          modelPatch(
            "*** Begin Patch\n*** Add File: a.txt\n+hi\n*** End Patch",
          ),
          modelMessage("It is made"),
        ][toolOutputs.length] ?? modelMessage("?"),
      ),
    check: ({ code, stdout, stderr }) => {
      assertEquals([code, stderr], [0, ""], stdout);
      assertMatch(stdout, /completed \$ .*echo hi/);
      assertMatch(stdout, /done: It is made/);
    },
  }],
  "extract.ts": [{
    args: ["a.txt"],
    files: { "a.txt": "Invoice A-7" },
    reply: ({ toolOutputs: _, prompt }) =>
      modelAnswer(modelMessage(JSON.stringify(
        prompt.startsWith("Extract") ? { ...INVOICE, total: 13 } : INVOICE,
      ))),
    check: ({ code, stdout, stderr, prompts }) => {
      assertEquals(code, 0, stderr);
      assertEquals(JSON.parse(stdout), {
        file: "a.txt",
        ...INVOICE,
        currency: "EUR",
      });
      assertMatch(stderr, /^\$0\.0\d+\n$/);
      assertEquals(prompts.length, 2);
      assertMatch(prompts[1] ?? "", /do not add up/);
    },
  }],
  "commit_message.ts": [{
    args: ["message.txt"],
    files: { "message.txt": "# Changes\n" },
    reply: () =>
      modelAnswer(modelMessage('{"subject":"Add tea","body":"It is hot."}')),
    check: async ({ code, stderr, read }) => {
      assertEquals([code, stderr], [0, ""]);
      assertEquals(
        await read("message.txt"),
        "Add tea\n\nIt is hot.\n# Changes\n",
      );
    },
  }, {
    args: ["message.txt", "message"],
    files: { "message.txt": "Mine\n" },
    reply: () => modelAnswer(modelMessage("Not asked")),
    check: async ({ code, prompts, read }) => {
      assertEquals([code, prompts], [0, []]);
      assertEquals(await read("message.txt"), "Mine\n");
    },
  }],
};

for (const runtime of ["deno", "node24", "bun"]) {
  for (const [name, runs] of Object.entries(RUNS)) {
    for (const [index, each] of runs.entries()) {
      Deno.test(`examples/${name} runs on ${runtime}, ${index + 1}`, () =>
        runExample(runtime, name, each));
    }
  }
}
