import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Turn } from "../../mod.ts";
import { structuredOutput } from "../../src/output/structured_output.ts";
import type { CommandExecutionItem, ThreadItem } from "../../mod.ts";
import {
  modelAnswer,
  modelCommand,
  modelMessage,
  modelPatch,
} from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";

async function makeTurn(
  finalResponse: string,
  items: ThreadItem[] = [],
): Promise<Turn> {
  const result = {
    ...{ threadId: null, items, finalResponse, usage: null, turnUsage: null },
    ...{ warnings: [], diagnostics: [] },
  };
  return new Turn(result, await structuredOutput({}), { durationMs: 1250 });
}

function commandItem(
  text: string,
  more: Partial<CommandExecutionItem> = {},
): CommandExecutionItem {
  return {
    ...{ id: "a", type: "command_execution", command: text },
    ...{ aggregated_output: "secret", exit_code: 0, status: "completed" },
    ...more,
  };
}

Deno.test("toMarkdown() renders a turn of the real CLI", async () => {
  await using real = await realCodex([
    modelAnswer(modelCommand("echo `date`; exit 3")),
    modelAnswer(
      modelPatch("*** Begin Patch\n*** Add File: new.txt\n+hi\n*** End Patch"),
    ),
    modelAnswer(modelMessage("All **done**.\n\n```sh\nleft open")),
  ]);
  const turn = await real.codex
    .startThread({ ...real.inRepo, sandboxMode: "danger-full-access" })
    .run("Go");
  const text = turn.toMarkdown();
  assertStringIncludes(
    text,
    "All **done**.\n\n```sh\nleft open\n```\n\n**Commands**\n\n- ``/bin/",
  );
  assertStringIncludes(text, "echo `date`; exit 3'``: exit code 3\n");
  assertStringIncludes(text, "new.txt` added\n");
  assert(
    /\*\*Usage\*\*: [\d,]+ input tokens \(\d+ cached\), [\d,]+ output tokens \(\d+ reasoning\), \d+\.\d s, thread `[-0-9a-f]{36}`\n$/
      .test(text),
    text,
  );
});

Deno.test("toMarkdown() renders a JSON answer as a code block, and leaves out an empty answer", async () => {
  assertEquals(
    (await makeTurn('{"a":"```"}')).toMarkdown(),
    '````json\n{"a":"```"}\n````\n\n**Usage**: 1.3 s\n',
  );
  assertEquals((await makeTurn(" \n")).toMarkdown(), "**Usage**: 1.3 s\n");
});

Deno.test("toMarkdown() names declined commands, and counts those it leaves out", async () => {
  const items = [
    commandItem("rm -rf /", { status: "declined", exit_code: null }),
    ...Array.from({ length: 40 }, () => commandItem("a\nb")),
  ];
  const text = (await makeTurn("", items)).toMarkdown();
  assertStringIncludes(text, "- `rm -rf /`: declined\n- `a b`: exit code 0\n");
  assertStringIncludes(text, "\n- and 11 more\n");
  assertEquals(text.includes("secret"), false);
});

for (
  const [name, text] of [
    ["tags", "<b>".repeat(30_000)],
    ["backticks", "`".repeat(90_000)],
    ["a fence and much code", `~~~\n${"x\n".repeat(60_000)}`],
    ["JSON", JSON.stringify(["`".repeat(99_999)])],
  ] as const
) {
  Deno.test(`toMarkdown() limits a large turn: ${name}`, async () => {
    const items = Array.from({ length: 99 }, (_, index): ThreadItem[] => [
      commandItem("`".repeat(5000)),
      {
        ...{ id: `${index}`, type: "file_change", status: "completed" },
        changes: [{ path: `${index}${"`".repeat(5000)}`, kind: "add" }],
      },
    ]).flat();
    const written = (await makeTurn(text, items)).toMarkdown();
    assert(written.length <= 60_000, `${written.length}`);
    assertStringIncludes(written, "**Usage**");
  });
}
