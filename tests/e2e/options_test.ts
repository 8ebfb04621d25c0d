import {
  assertEquals,
  assertMatch,
  assertObjectMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { CodexExecError, type Turn } from "../../mod.ts";
import { modelAnswer, modelCommand, modelMessage } from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";
import { runProgram } from "../support/run_program.ts";

/** A command that prints only the variables that the tests set. */
const PRINT_VARIABLES = 'echo "[$ACODEX_HOST_VARIABLE|$ACODEX_VARIABLE]"';

/** The name of a variable of the host. */
const HOST_VARIABLE = "ACODEX_HOST_VARIABLE";

Deno.test("CodexOptions.config and the thread's options reach the model", async () => {
  await using real = await realCodex([modelAnswer(modelMessage("ok"))]);
  const codex = real.client({
    config: {
      ...real.model.config,
      developer_instructions: 'Say "cheese"\nand\u007f smile',
      model_reasoning_effort: "low",
      model: "of-the-config",
    },
    configOverrides: ['model="of-the-raw-setting"'],
  });
  await codex.startThread({ ...real.inRepo, modelReasoningEffort: "high" })
    .run("Hi");
  const [request] = real.model.requests;
  assertObjectMatch(request?.body as Record<string, unknown>, {
    // The thread's option takes precedence over config, and so does a raw setting.
    reasoning: { effort: "high" },
    model: "of-the-raw-setting",
  });
  assertStringIncludes(
    request?.text ?? "",
    JSON.stringify('Say "cheese"\nand\u007f smile').slice(1, -1),
  );
});

Deno.test("A CodexOptions.config that the CLI rejects fails the turn with the CLI's message", async () => {
  await using real = await realCodex([]);
  const codex = real.client({
    config: { ...real.model.config, model_verbosity: "loud" },
  });
  const error = await assertRejects(
    () => codex.startThread(real.inRepo).run("Hi"),
    CodexExecError,
  );
  assertStringIncludes(error.message, "loud");
  assertEquals(error.exitCode, 1);
});

Deno.test("CodexOptions.env replaces the host's environment, or is merged into it", async () => {
  const scripted = modelAnswer(modelCommand(PRINT_VARIABLES));
  const done = modelAnswer(modelMessage("ok"));
  await using real = await realCodex([
    scripted,
    done,
    scripted,
    done,
    scripted,
    done,
  ]);
  const { config } = real.model;
  const env = { ...real.model.env(real.home), ACODEX_VARIABLE: "given" };
  const clients = [
    { config, env: { ...env, PATH: Deno.env.get("PATH") } },
    { config, env, envMode: "merge" },
    { config, env: { ...env, [HOST_VARIABLE]: null }, envMode: "merge" },
  ];
  assertEquals(
    await runProgram(
      new URL("environment_host.ts", import.meta.url),
      { clients, thread: real.inRepo },
      { [HOST_VARIABLE]: "host" },
    ),
    ["[|given]\n", "[host|given]\n", "[|given]\n"],
  );
});

// Facts F11.
Deno.test("ThreadOptions are sent again when a thread is resumed", async () => {
  await using real = await realCodex([
    modelAnswer(modelMessage("ok")),
    modelAnswer(modelCommand("pwd")),
    modelAnswer(modelMessage("ok")),
  ]);
  const { threadId } = await real.codex.startThread(real.inRepo).run("Hi");
  const elsewhere = await Deno.realPath(real.home);
  const turn = await real.codex.resumeThread(threadId ?? "", {
    ...real.inRepo,
    workingDirectory: elsewhere,
  }).run("Where are you?");
  assertEquals(readOutput(turn), `${elsewhere}\n`);
});

Deno.test("Codex puts the CLI's own folder first on PATH", async () => {
  await using real = await realCodex([
    // A login shell may reset PATH, if the CLI has not read it in time.
    modelAnswer(modelCommand("command -v rg", { login: false })),
    modelAnswer(modelMessage("ok")),
  ]);
  const turn = await real.codex.startThread(real.inRepo).run("Where is rg?");
  assertMatch(readOutput(turn), /codex-path[\\/]rg\n$/);
});

/** Returns the output of a turn's command. */
function readOutput(turn: Turn): string {
  const item = turn.items.find((item) => item.type === "command_execution");
  return item?.aggregated_output ?? "(no command)";
}
