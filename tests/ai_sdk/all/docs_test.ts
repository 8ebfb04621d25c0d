/**
 * Compiles and runs the code of docs/ai_sdk.md unchanged, with the packages that it
 * names, the real CLI and a scripted model.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import {
  installRuntime,
  RUNTIMES,
} from "../../../scripts/conformance/runtimes.ts";
import { listSnippets } from "../../../scripts/conformance/snippets.ts";
import { makeAiProject } from "../../../scripts/npm/ai_packages.ts";
import { ROOT_URL } from "../../../scripts/project.ts";
import { run } from "../../../scripts/run.ts";
import { serializeConfigOverrides } from "../../../src/cli/config_overrides.ts";
import {
  modelAnswer,
  modelMcpCall,
  modelMessage,
  type ModelReply,
  type ModelRequest,
} from "../../../testing.ts";
import { realCodex } from "../../support/real_codex.ts";
import { assertCompiles } from "../../support/compiles.ts";

const SNIPPETS = listSnippets(
  await Deno.readTextFile(new URL("docs/ai_sdk.md", ROOT_URL)),
);

/** The model's answer if a schema is sent; it matches all schemas of the page. */
const TYPED = JSON.stringify({ verdict: "approve", comment: null, risks: [] });

/** The output of each snippet, by its name. */
const PRINTED: Record<string, string> = {
  "The AI SDK, chats, Mastra, the Agents SDK, LangGraph, 1":
    "Summarize this repository 15",
  "A schema, 1": "approve 0",
  "A chat that continues its thread, 1": "First, First, Second, Second",
  "The AI SDK's own tools, 1": '{"article":"7","euros":42}',
  "Approvals as buttons in a chat, 1": "First, First, Second, Second",
  "A chat without the AI SDK on the server, 1": "First, First, Second, Second",
  "Mastra, 1": "You review code.\n\nReview the last commit",
  "OpenAI's Agents SDK, 1":
    'Tool: {"type":"text","text":"{\\"verdict\\":\\"approve\\",\\"risks\\":[],\\"threadId\\":\\"ID\\"}"}',
  "OpenAI's Agents SDK, 2": "Review the last commit",
  "LangGraph, 1": "Review the last commit",
};

/**
 * Answers with the prompt or with JSON for the schema, or calls the tool that the
 * prompt names.
 */
function reply(
  { textFormat, prompt, toolOutputs }: ModelRequest,
): ModelReply {
  if (textFormat !== undefined) return modelAnswer(modelMessage(TYPED));
  if (!prompt.includes("lookupPrice")) return modelAnswer(modelMessage(prompt));
  const output = toolOutputs.at(-1)?.text.split("\n").at(-1);
  return modelAnswer(
    output === undefined
      ? modelMcpCall("host", "lookupPrice", { article: "7" })
      : modelMessage(output),
  );
}

const NODE = RUNTIMES.find(({ name }) => name === "node24");

/** Creates the project with all snippets and the program that runs them. */
async function makeProject(): Promise<URL> {
  return await makeAiProject("frameworks", {
    ...Object.fromEntries(
      SNIPPETS.map(({ code }, index) => [`snippet_${index}.mts`, code]),
    ),
    "run_snippet.mjs": await Deno.readTextFile(
      new URL("../run_snippet.mjs", import.meta.url),
    ),
  });
}

Deno.test("The code of docs/ai_sdk.md compiles", async () => {
  await assertCompiles(
    await makeProject(),
    SNIPPETS.map((_, index) => `snippet_${index}.mts`),
  );
});

for (const [index, { name }] of SNIPPETS.entries()) {
  Deno.test(`docs/ai_sdk.md: ${name}`, async () => {
    if (NODE === undefined) throw new Error("There is no Node 24");
    const program = await installRuntime(NODE);
    const project = await makeProject();
    await using real = await realCodex(reply);
    await Deno.writeTextFile(
      `${real.home}/config.toml`,
      serializeConfigOverrides(real.model.config).join("\n"),
    );
    await new Deno.Command("git", { args: ["init", "--quiet", real.repo] })
      .output();
    const { code, stdout, stderr } = await run(program, [
      fileURLToPath(new URL("run_snippet.mjs", project)),
      fileURLToPath(new URL(`snippet_${index}.mts`, project)),
    ], { cwd: real.repo, env: real.env, timeoutMs: 120_000 });
    const shown = stdout.trim().replace(/[0-9a-f-]{36}/, "ID");
    assertEquals([code, shown], [0, PRINTED[name]], stderr);
  });
}
