/**
 * Traces turns with OpenTelemetry's own packages, the packed package and the real CLI,
 * on each kind of runtime.
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
import {
  linkedProject,
  packagesFor,
} from "../../scripts/npm/linked_project.ts";
import { installCached } from "../../scripts/npm/tools.ts";
import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import {
  modelAnswer,
  modelCommand,
  modelHttpError,
  modelMessage,
  ScriptedModel,
} from "../../testing.ts";
import { assertNothingRuns } from "../support/real_codex.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { MINUTE_MS } from "../../src/testing/waiting.ts";

const PACKAGES = [
  "@opentelemetry/api@1.9.0",
  "@opentelemetry/context-async-hooks@2.2.0",
  "@opentelemetry/sdk-trace-base@2.2.0",
];

/**
 * Runs turns inside spans of the program, traced by OpenTelemetry itself, and prints
 * the spans.
 */
const PROGRAM = `import { Codex } from "@acodex/sdk";
import { traceTurns } from "@acodex/sdk/otel";
import * as api from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import process from "node:process";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(exporter)],
});
api.context.setGlobalContextManager(
  new AsyncLocalStorageContextManager().enable(),
);
const tracer = provider.getTracer("test");
const codex = new Codex({ onTurn: traceTurns(tracer, api) });
const thread = codex.startThread({ sandboxMode: "danger-full-access" });

// Two at once: each turn belongs to the span that it was begun in.
const results = await Promise.all(
  ["first", "second"].map((name) =>
    tracer.startActiveSpan(name, async (span) => {
      const turn = await codex
        .startThread({ sandboxMode: "danger-full-access" }).run(name);
      span.end();
      return [name, turn.threadId, turn.warnings];
    })
  ),
);
await thread.run("fail").catch(() => {});
const spans = exporter.getFinishedSpans();
process.stdout.write(JSON.stringify({
  results,
  spans: spans.map((span) => ({
    name: span.name,
    id: span.spanContext().spanId,
    parent: span.parentSpanContext?.spanId ?? null,
    status: span.status.code,
    attributes: span.attributes,
  })),
}));
`;

/** What the program prints of a span. */
interface PrintedSpan {
  name: string;
  id: string;
  parent: string | null;
  status: number;
  attributes: Record<string, unknown>;
}

for (const name of ["deno", "node20", "node24", "bun"]) {
  Deno.test(`OpenTelemetry gets a span for each turn, inside the span in which it began, on ${name}`, async () => {
    const runtime = RUNTIMES.find((each) => each.name === name);
    assert(runtime !== undefined);
    await using stack = new AsyncDisposableStack();
    const model = stack.use(
      await ScriptedModel.start(({ prompt, toolOutputs }) => {
        if (prompt === "fail") return modelHttpError(401);
        return modelAnswer(
          toolOutputs.length === 0
            ? modelCommand("echo hi")
            : modelMessage("Done"),
        );
      }),
    );
    const { path: home } = stack.use(await tempFolder("acodex_otel_home_"));
    const { path: repo } = stack.use(await tempFolder("acodex_otel_repo_"));
    stack.defer(() => assertNothingRuns(home));
    await Deno.writeTextFile(
      `${home}/config.toml`,
      serializeConfigOverrides(model.config).join("\n"),
    );
    const init = { args: ["init", "--quiet", repo] };
    await new Deno.Command("git", init).output();
    const project = await linkedProject("opentelemetry", {
      packages: packagesFor(
        await installPackage(),
        await installCached("opentelemetry", PACKAGES),
        PACKAGES,
      ),
      files: { "program.mjs": PROGRAM },
    });
    const { code, stdout, stderr } = await new Deno.Command(
      await installRuntime(runtime),
      {
        args: [
          ...name === "deno"
            ? ["run", "--allow-all", "--quiet", "--node-modules-dir=manual"]
            : [],
          fileURLToPath(new URL("program.mjs", project)),
        ],
        cwd: repo,
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
