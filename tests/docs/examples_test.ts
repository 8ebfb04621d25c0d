/**
 * Runs the examples for the server unchanged with the real CLI and a scripted model,
 * which is named in the CLI's configuration.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { JsonObject } from "../../mod.ts";
import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import {
  modelAnswer,
  modelFunctionCall,
  modelHang,
  modelMcpCall,
  modelMessage,
  type ModelReplyFunction,
  ScriptedModel,
} from "../../testing.ts";
import { assertNothingRuns } from "../support/real_codex.ts";
import { CODEX_BINARY, listeningServer } from "../support/listening_server.ts";
import { until, withinMinute } from "../../src/testing/waiting.ts";
import { tempFolder } from "../support/temp_folder.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** They need the `script` command of Linux for a terminal. */
const ON_TERMINALS = { ignore: Deno.build.os !== "linux" };

/** A running example. */
interface RunningExample extends AsyncDisposable {
  /** Its working folder. */
  readonly repo: string;
  /** Its stdin. */
  readonly stdin: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  /** Returns its output so far. */
  printed(): string;
  /** Resolves to its exit code when it has ended. */
  readonly ended: Promise<number>;
}

/** Starts an example on its own terminal. */
async function start(
  name: string,
  reply: ModelReplyFunction,
  before?: (codex: (args: string[]) => Promise<void>) => Promise<void>,
): Promise<RunningExample> {
  await using stack = new AsyncDisposableStack();
  const model = stack.use(await ScriptedModel.start(reply));
  const { path: home } = stack.use(await tempFolder("acodex_example_home_"));
  const { path: repo } = stack.use(await tempFolder("acodex_example_repo_"));
  stack.defer(() => assertNothingRuns(home));
  await Deno.writeTextFile(
    `${home}/config.toml`,
    serializeConfigOverrides(model.config).join("\n"),
  );
  await new Deno.Command("git", { args: ["init", "--quiet", repo] }).output();
  await before?.(async (args) => {
    const { success } = await new Deno.Command(
      `${ROOT}node_modules/.bin/codex`,
      { args, cwd: repo, env: model.env(home), stdin: "null" },
    ).output();
    assert(success);
  });
  const child = new Deno.Command("script", {
    args: [
      ...["--quiet", "--return", "--log-out", "/dev/null", "--command"],
      `"${Deno.execPath()}" run --allow-all --no-check --quiet --config="${ROOT}deno.json" "${ROOT}examples/${name}.ts" "Do it"`,
    ],
    cwd: repo,
    env: { ...model.env(home), NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let printed = "";
  const reading = (async () => {
    for await (
      const text of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      printed += text;
    }
  })();
  const stdin = child.stdin.getWriter();
  stack.defer(async () => {
    await stdin.close().catch(() => {});
    await reading;
  });
  const left = stack.move();
  return {
    repo,
    stdin,
    printed: () => printed,
    ended: child.status.then(({ code }) => code),
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}

const ASKING = modelFunctionCall("exec_command", {
  cmd: "echo made > made.txt",
  sandbox_permissions: "require_escalated",
  justification: "May I?",
});

for (const [key, isMade] of [["y", true], ["n", false]] as const) {
  Deno.test(
    `examples/approve.ts asks before a command, and accepts ${key} as an answer`,
    ON_TERMINALS,
    async () => {
      await using example = await start(
        "approve",
        ({ toolOutputs }) =>
          modelAnswer(
            toolOutputs.length === 0 ? ASKING : modelMessage("It is done"),
          ),
      );
      await until("a question", () => {
        return example.printed().includes("Allow it?") || undefined;
      });
      assertStringIncludes(example.printed(), "$ /bin/bash -lc");
      await example.stdin.write(new TextEncoder().encode(`${key}\n`));
      assertEquals(await withinMinute("the example", example.ended), 0);
      assertStringIncludes(example.printed(), "It is done");
      const made = await Deno.stat(`${example.repo}/made.txt`).catch(() =>
        null
      );
      assertEquals(made !== null, isMade);
    },
  );
}

Deno.test(
  "examples/session_browser.ts lists, shows, continues and copies threads",
  ON_TERMINALS,
  async () => {
    await using example = await start(
      "session_browser",
      ({ prompt }) => modelAnswer(modelMessage(`Answer to ${prompt}`)),
      async (codex) => {
        await codex(["exec", "Question\u{202e} one"]);
      },
    );
    const enter = async (line: string, shown: string): Promise<void> => {
      const { length } = example.printed();
      await example.stdin.write(new TextEncoder().encode(`${line}\n`));
      await until(
        shown,
        () => example.printed().slice(length).includes(shown) || undefined,
      );
    };
    await until(
      "the list",
      () => example.printed().includes("Question  one") || undefined,
    );
    await enter("1", "Answer to Question");
    await enter("f", "What is to be done?");
    await enter("Question two", "2. ");
    await enter("9", "go on with a copy");
    await example.stdin.write(new TextEncoder().encode("q\n"));
    assertEquals(await withinMinute("the example", example.ended), 0);
    assertStringIncludes(example.printed(), "Answer to Question two");
  },
);

Deno.test(
  "examples/live_text.ts prints the text of an answer",
  ON_TERMINALS,
  async () => {
    await using example = await start(
      "live_text",
      () => modelAnswer(modelMessage("Once upon a time")),
    );
    assertEquals(await withinMinute("the example", example.ended), 0);
    assertStringIncludes(example.printed(), "Once upon a time");
  },
);

Deno.test(
  "examples/live_text.ts stops when the user enters a line",
  ON_TERMINALS,
  async () => {
    let asked = false;
    await using example = await start("live_text", () => {
      asked = true;
      return modelHang();
    });
    await until("a request", () => asked || undefined);
    await example.stdin.write(new TextEncoder().encode("\n"));
    assertEquals(await withinMinute("the example", example.ended), 0);
    assert(
      /Stopped after \d+ items/.test(example.printed()),
      example.printed(),
    );
  },
);

Deno.test(
  "examples/tools.ts lets the agent call functions of the program, turn by turn",
  ON_TERMINALS,
  async () => {
    const call = (name: string, input: JsonObject) => ({
      ...modelMcpCall("host", name, input),
      namespace: "host",
    });
    await using example = await start("tools", ({ prompt, toolOutputs }) => {
      const last = toolOutputs.at(-1)?.text ?? "";
      if (prompt === "Do it" && toolOutputs.length === 0) {
        return modelAnswer(call("list_errands", { done: false }));
      }
      if (prompt === "Milk is here" && toolOutputs.length === 1) {
        return modelAnswer(call("finish_errand", { number: 2 }));
      }
      return modelAnswer(modelMessage(`So: ${last}`));
    });
    const enter = async (line: string, after: string): Promise<void> => {
      await until(`a question after ${after}`, () => {
        const [, printed] = example.printed().split(after);
        return printed?.includes("And now?") || undefined;
      });
      await example.stdin.write(new TextEncoder().encode(`${line}\n`));
    };
    await enter("Milk is here", 'So: {"errands"');
    await enter("", "So: Done: Buy milk");
    assertEquals(await withinMinute("the example", example.ended), 0);
    assertStringIncludes(example.printed(), '> list_errands {"done":false}');
    assertStringIncludes(
      example.printed(),
      'So: {"errands":[{"number":2,"what":"Buy milk","done":false}]}',
    );
    assertStringIncludes(example.printed(), '> finish_errand {"number":2}');
  },
);

Deno.test("examples/elsewhere.ts uses a server in another process, with network permission only for its host", async () => {
  const hello = modelAnswer(modelMessage("There is nothing in it"));
  await using server = await listeningServer([hello, hello]);
  await Deno.writeTextFile(
    `${server.home}/config.toml`,
    serializeConfigOverrides(server.model.config).join("\n"),
  );
  const { host } = new URL(server.url);
  const bin = CODEX_BINARY.slice(0, CODEX_BINARY.lastIndexOf("/"));
  const run = async (flags: string[], args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-check", "--no-prompt", `--config=${ROOT}deno.json`],
        ...flags,
        `${ROOT}examples/elsewhere.ts`,
        ...args,
      ],
      cwd: server.repo,
      env: { ...server.env, PATH: `${bin}:${server.env.PATH}` },
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  };
  const alone = [`--allow-net=${host}`, "--allow-env=CODEX_TOKEN"];
  assertStringIncludes(await run(alone, [server.url]), "There is nothing");
  assertStringIncludes(await run(["--allow-all"], []), "There is nothing");
});
