/**
 * Runs and type-checks the Agents SDK's `codexTool`, which imports the official SDK,
 * with this package by an alias, on the real CLI. Its packages are 100 MB, so it runs
 * only with `--all`.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { AI_PROJECTS } from "../../../scripts/npm/ai_packages.ts";
import {
  installRuntime,
  RUNTIMES,
} from "../../../scripts/conformance/runtimes.ts";
import { run } from "../../../scripts/run.ts";
import { modelAnswer, modelCommand, modelMessage } from "../../../testing.ts";
import { assertCompiles } from "../../support/compiles.ts";
import { realCodex } from "../../support/real_codex.ts";
import { documentedManifest, installProject } from "../alias.ts";

const PROGRAM = `
import { RunContext } from "@openai/agents";
import { codexTool } from "@openai/agents-extensions/experimental/codex";
import { Codex } from "@openai/codex-sdk";

const { client, thread } = JSON.parse(process.env.CASE ?? "");
const kinds = new Set<string>();
// One client that is given, with an option that only this package has; one that it makes.
for (const own of [{ codex: new Codex({ ...client, hermetic: true }) }, { codexOptions: client }]) {
  const tool = codexTool({
    ...own,
    defaultThreadOptions: thread,
    onStream: ({ event }) => {
      kinds.add(event.type);
    },
  });
  const input = { inputs: [{ type: "text", text: "Look" }], threadId: null };
  const given: unknown = await tool.invoke(new RunContext(), JSON.stringify(input));
  const { response, usage } = given as { response: string; usage: { input_tokens: number } };
  console.log(response, usage.input_tokens);
}
console.log([...kinds].join(" "));
console.log(typeof new Codex().resumeLast);
`;

Deno.test({
  name: "codexTool of the Agents SDK runs and type-checks with this package",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const node = RUNTIMES.find(({ name }) => name === "node24");
    if (node === undefined) throw new Error("There is no Node 24");
    const program = await installRuntime(node);
    const folder = await Deno.makeTempDir({ prefix: "agents-" });
    try {
      const { dependencies, overrides } = await documentedManifest();
      const { "@openai/codex": _cli, ...alias } = dependencies;
      const agents = AI_PROJECTS.frameworks.filter((spec) =>
        /^(?:@openai|zod)/.test(spec)
      ).map((spec) => {
        const at = spec.lastIndexOf("@");
        return [spec.slice(0, at), spec.slice(at + 1)] as const;
      });
      const installed = await installProject(folder, {
        dependencies: {
          ...alias,
          ...Object.fromEntries(agents),
          "@types/node": "20.19.43",
        },
        overrides: overrides ?? {},
      }, { "program.mts": PROGRAM });
      assertEquals(installed.code, 0, installed.stderr);
      await assertCompiles(new URL(`file://${folder}/`), ["program.mts"]);

      await using real = await realCodex(({ toolOutputs }) =>
        toolOutputs.length === 0
          ? modelAnswer(modelCommand("echo hi"))
          : modelAnswer(modelMessage("Looked"))
      );
      const { code, stdout, stderr } = await run(program, [
        `${folder}/program.mts`,
      ], {
        cwd: folder,
        env: {
          CASE: JSON.stringify({
            client: {
              ...real.codexOptions,
              codexPathOverride: await Deno.realPath("node_modules/.bin/codex"),
            },
            thread: real.inRepo,
          }),
          OPENAI_AGENTS_DISABLE_TRACING: "1",
        },
      });
      const lines = stdout.split("\n");
      assertEquals([code, lines.map((line) => line.replace(/ \d+$/, ""))], [0, [
        "Looked",
        "Looked",
        "thread.started turn.started item.started item.completed turn.completed",
        "function",
        "",
      ]], stderr);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
