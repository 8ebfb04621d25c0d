/**
 * Turns traced by OpenTelemetry's own packages, with the packed package and the real CLI,
 * on every kind of runtime.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { installPackage } from "../../scripts/conformance/package.ts";
import {
  installRuntime,
  RUNTIMES,
} from "../../scripts/conformance/runtimes.ts";
import { installCached } from "../../scripts/npm/tools.ts";
import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import {
  answer,
  command,
  httpError,
  message,
  ScriptedModel,
} from "../../src/testing/model.ts";
import { assertNothingRuns } from "../support/real_codex.ts";
import { MINUTE_MS } from "../../src/testing/waiting.ts";

const PACKAGES = [
  "@opentelemetry/api@1.9.0",
  "@opentelemetry/context-async-hooks@2.2.0",
  "@opentelemetry/sdk-trace-base@2.2.0",
];

/** What the program prints of a span. */
interface PrintedSpan {
  name: string;
  id: string;
  parent: string | null;
  status: number;
  attributes: Record<string, unknown>;
}

for (const name of ["deno", "node20", "node24", "bun"]) {
  Deno.test(`OpenTelemetry gets a span of each turn, within the one that it was begun in, on ${name}`, async () => {
    const runtime = RUNTIMES.find((each) => each.name === name);
    assert(runtime !== undefined);
    await using stack = new AsyncDisposableStack();
    const model = stack.use(
      await ScriptedModel.start(({ prompt, toolOutputs }) => {
        if (prompt === "fail") return httpError(401);
        return answer(
          toolOutputs.length === 0 ? command("echo hi") : message("Done"),
        );
      }),
    );
    const [home, program] = await Promise.all(
      ["home", "program"].map(async (what) => {
        const prefix = `acodex_otel_${what}_`;
        const folder = await Deno.realPath(await Deno.makeTempDir({ prefix }));
        stack.defer(() => Deno.remove(folder, { recursive: true }));
        return folder;
      }),
    ) as [string, string];
    stack.defer(() => assertNothingRuns(home));
    await Deno.writeTextFile(
      `${home}/config.toml`,
      serializeConfigOverrides(model.config).join("\n"),
    );
    const init = { args: ["init", "--quiet", program] };
    await new Deno.Command("git", init).output();
    await Deno.copyFile(
      new URL("./program.mjs", import.meta.url),
      `${program}/program.mjs`,
    );
    await Deno.writeTextFile(`${program}/package.json`, '{"type":"module"}');
    const modules = `${program}/node_modules`;
    await Deno.mkdir(modules);
    const installed = new URL("node_modules/", await installPackage());
    for (const scope of ["@acodex", "@openai", "zod"]) {
      await Deno.symlink(
        fileURLToPath(new URL(scope, installed)),
        `${modules}/${scope}`,
      );
    }
    const traced = await installCached("opentelemetry", PACKAGES);
    await Deno.symlink(
      `${traced}/node_modules/@opentelemetry`,
      `${modules}/@opentelemetry`,
    );
    const { code, stdout, stderr } = await new Deno.Command(
      await installRuntime(runtime),
      {
        args: [
          ...name === "deno"
            ? ["run", "--allow-all", "--quiet", "--node-modules-dir=manual"]
            : [],
          `${program}/program.mjs`,
        ],
        cwd: program,
        env: { ...model.env(home), NO_COLOR: "1" },
        signal: AbortSignal.timeout(MINUTE_MS),
      },
    ).output();
    const text = new TextDecoder();
    assertEquals([code, text.decode(stderr)], [0, ""]);
    const { results, spans }: {
      results: [name: string, threadId: string, warnings: string[]][];
      spans: PrintedSpan[];
    } = JSON.parse(text.decode(stdout));
    for (const [begunIn, threadId, warnings] of results) {
      assertEquals(warnings.filter((each) => each.includes("onTurn")), []);
      const outer = spans.find(({ name }) => name === begunIn);
      const turn = spans.find(({ parent }) => parent === outer?.id);
      assertEquals(turn?.name, "invoke_agent codex");
      assertEquals(turn?.attributes["gen_ai.conversation.id"], threadId);
      assertEquals(turn?.attributes["gen_ai.usage.output_tokens"], 10);
      assertEquals(
        spans.filter(({ parent }) => parent === turn?.id)
          .map(({ name }) => name).sort(),
        ["codex.agent_message", "execute_tool shell"],
      );
    }
    const failed = spans.find(({ status }) => status === 2);
    assertEquals(
      [failed?.name, failed?.attributes["codex.reason"], failed?.parent],
      ["invoke_agent codex", "unauthorized", null],
    );
  });
}
