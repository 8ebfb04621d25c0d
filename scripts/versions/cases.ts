/**
 * The cases to try on each version of the CLI: turns of the real CLI on a scripted model,
 * through the public API.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import * as z from "zod";
import { CodexAppServer } from "../../app_server.ts";
import {
  Codex,
  CodexCancelledError,
  type CodexOptions,
  CodexThreadNotFoundError,
  CodexTurnError,
  CodexUnsupportedOptionError,
  type FailureReason,
  type ThreadOptions,
  tool,
  type Turn,
  type TurnOptions,
} from "../../mod.ts";
import { optionRows } from "../../src/options/row.ts";
import { OPTION_TABLES } from "../../src/options/table.ts";
import {
  modelAnswer,
  modelCommand,
  modelFunctionCall,
  modelHang,
  modelHttpError,
  modelMcpCall,
  modelMessage,
  modelPlan,
  type ModelReply,
  type ModelReplyFunction,
  type ModelRequest,
  type ModelScriptStep,
  modelUsage,
} from "../../testing.ts";
import { findProcessesWith } from "../../src/testing/processes.ts";
import { type RealCli, startRealCli } from "../../src/testing/real_cli.ts";
import { until } from "../../src/testing/waiting.ts";
import { PNG } from "../../tests/input/images.ts";
import { PROBE_SERVER } from "../../tests/support/mcp_server.ts";

/** One case. */
export interface VersionCase {
  /** The title for the table. */
  readonly title: string;
  /** Tries the case with a CLI; rejects if it fails. */
  run(program: string): Promise<void>;
}

/** A real CLI of a version, with clients for it. */
interface At extends RealCli {
  client(options?: CodexOptions): Codex;
}

/** Sets up a CLI, runs a task with it, and removes it. */
async function at(
  program: string,
  script: readonly ModelScriptStep[] | ModelReplyFunction,
  task: (at: At) => Promise<void>,
): Promise<void> {
  await using real = await startRealCli(script);
  await task({
    ...real,
    client: (options = {}) =>
      new Codex({
        ...real.codexOptions,
        codexPathOverride: program,
        ...options,
      }),
  });
  await until(
    "the end of all processes",
    () => findProcessesWith(real.home).length === 0 || undefined,
  );
}

const DONE: ModelReplyFunction = () => modelAnswer(modelMessage("Done"));

/** Tries a turn with options, and returns it. */
function turnWith(
  client: CodexOptions,
  thread: ThreadOptions,
  turn: TurnOptions,
): VersionCase["run"] {
  return (program) =>
    at(program, DONE, async ({ client: make, inRepo }) => {
      const options: ThreadOptions = { ...inRepo, ...thread };
      if (thread.approveForMe) options.sandboxMode = undefined;
      const { finalResponse } = await make(client).startThread(options)
        .run("Hi", turn);
      strictEqual(finalResponse, "Done");
    });
}

/** Tries that a failure of the service is reported with a reason. */
function failure(reply: ModelReply, reason: FailureReason): VersionCase["run"] {
  return (program) =>
    at(program, () => reply, async ({ client, inRepo }) => {
      const error = await client().startThread(inRepo).run("Hi").then(
        () => undefined,
        (error) => error,
      );
      ok(error instanceof CodexTurnError, String(error));
      strictEqual(error.reason, reason);
    });
}

/** Makes the model call a tool of an MCP server, by the name under which this CLI offers it. */
function callThenDone(server: string, name: string): ModelScriptStep[] {
  const whole = `mcp__${server}__${name}`;
  return [
    ({ tools }) =>
      modelAnswer(
        tools.includes(whole)
          ? modelFunctionCall(whole, {})
          : modelMcpCall(server, name, {}),
      ),
    modelAnswer(modelMessage("Done")),
  ];
}

/** Returns the whole text that was sent to the model. */
const readText = ({ text }: ModelRequest): string => text;

/** Lists the types of a turn's items. */
const types = ({ items }: Turn): string[] => items.map(({ type }) => type);

/** The cases for the features of a turn. */
export const CASES: readonly VersionCase[] = [
  {
    title: "a turn: answer, thread, tokens",
    run: (program) =>
      at(
        program,
        [modelAnswer(
          modelMessage("Hello"),
          modelUsage({ input_tokens: 12, output_tokens: 7 }),
        )],
        async ({ client, inRepo, model }) => {
          const thread = client().startThread(inRepo);
          const turn = await thread.run("Say hello");
          strictEqual(turn.finalResponse, "Hello");
          match(thread.id ?? "", /^[0-9a-f-]{36}$/);
          strictEqual(turn.usage?.input_tokens, 12);
          strictEqual(turn.usage?.output_tokens, 7);
          strictEqual(model.requests[0]?.prompt, "Say hello");
          deepStrictEqual(turn.diagnostics, []);
        },
      ),
  },
  {
    title: "a command, as an item with its output",
    run: (program) =>
      at(
        program,
        [
          modelAnswer(modelCommand("echo out; exit 3")),
          modelAnswer(modelMessage("Done")),
        ],
        async ({ client, inRepo }) => {
          const { items } = await client().startThread(inRepo).run("Run");
          const item = items.find(({ type }) => type === "command_execution");
          ok(item?.type === "command_execution", "There is no command");
          strictEqual(item.exit_code, 3);
          match(item.aggregated_output, /out/);
        },
      ),
  },
  {
    title: "a plan, as a `todo_list`",
    run: (program) =>
      at(
        program,
        [modelAnswer(modelPlan(["a", "b"])), modelAnswer(modelMessage("Done"))],
        async ({ client, inRepo }) => {
          const turn = await client().startThread(inRepo).run("Plan");
          ok(types(turn).includes("todo_list"), types(turn).join());
        },
      ),
  },
  {
    title: "an image from memory",
    run: (program) =>
      at(program, DONE, async ({ client, inRepo, model }) => {
        await client().startThread(inRepo).run([
          { type: "text", text: "Look" },
          { type: "image", image: PNG },
        ]);
        strictEqual(model.requests[0]?.images.length, 1);
      }),
  },
  {
    title: "a structured answer",
    run: (program) =>
      at(
        program,
        [modelAnswer(modelMessage('{"a":1}'))],
        async ({ client, inRepo, model }) => {
          const outputType = z.object({ a: z.number() });
          const turn = await client().startThread(inRepo)
            .run("Hi", { outputType });
          deepStrictEqual(turn.structuredResponse, { a: 1 });
          ok(
            JSON.stringify(model.requests[0]?.textFormat).includes(
              "json_schema",
            ),
          );
        },
      ),
  },
  {
    title: "a resumed thread",
    run: (program) =>
      at(program, DONE, async ({ client, inRepo, model }) => {
        const first = client().startThread(inRepo);
        await first.run("The first prompt");
        await client().resumeThread(first.id ?? "", inRepo).run("The second");
        match(readText(model.requests.at(-1) as ModelRequest), /first prompt/);
      }),
  },
  {
    title: "the last thread",
    run: (program) =>
      at(program, DONE, async ({ client, inRepo, model }) => {
        await client().startThread(inRepo).run("The first prompt");
        await client().resumeLast(inRepo).run("The second");
        match(readText(model.requests.at(-1) as ModelRequest), /first prompt/);
      }),
  },
  {
    title: "a copy of a thread",
    run: (program) =>
      at(program, DONE, async ({ client, inRepo, model }) => {
        const first = client().startThread(inRepo);
        await first.run("The first prompt");
        const copy = first.fork();
        await copy.run("The second");
        ok(copy.id !== first.id);
        match(readText(model.requests.at(-1) as ModelRequest), /first prompt/);
      }),
  },
  {
    title: "a review",
    run: (program) =>
      at(program, DONE, async ({ client, inRepo }) => {
        const turn = await client().startThread(inRepo)
          .review({ instructions: "Look at it" });
        strictEqual(turn.finalResponse, "Done");
      }),
  },
  {
    title: "a missing thread",
    run: (program) =>
      at(program, DONE, async ({ client, inRepo }) => {
        const id = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";
        const error = await client().resumeThread(id, inRepo).run("Hi").then(
          () => undefined,
          (error) => error,
        );
        ok(error instanceof CodexThreadNotFoundError, String(error));
      }),
  },
  {
    title: "no Git repository, with a clear error",
    run: (program) =>
      at(program, DONE, async ({ client, inRepo }) => {
        const error = await client()
          .startThread({
            ...inRepo,
            sandboxMode: "read-only",
            skipGitRepoCheck: false,
          }).run("Hi")
          .then(() => undefined, (error) => error);
        match(String(error), /skipGitRepoCheck/);
      }),
  },
  {
    title: "an abort, which also ends commands",
    run: (program) =>
      at(
        program,
        [modelAnswer(modelCommand("sleep 100")), modelHang()],
        async ({ client, inRepo }) => {
          const streamed = await client().startThread(inRepo)
            .runStreamed("Wait", { signal: AbortSignal.timeout(60_000) });
          for await (const event of streamed) {
            if (event.type === "item.started") break;
          }
        },
      ),
  },
  {
    title: "an abort while the model answers",
    run: (program) =>
      at(program, [modelHang()], async ({ client, inRepo, model }) => {
        const stop = new AbortController();
        const turn = client().startThread(inRepo)
          .run("Wait", { signal: stop.signal });
        await Promise.race([
          turn,
          until("a request", () => model.requests[0]),
        ]);
        stop.abort();
        const error = await turn.then(() => undefined, (error) => error);
        ok(error instanceof CodexCancelledError, String(error));
      }),
  },
  {
    title: "a function of the program as a tool",
    run: (program) =>
      at(
        program,
        callThenDone("host", "look"),
        async ({ client, inRepo }) => {
          let calls = 0;
          const look = tool({
            name: "look",
            description: "Looks",
            input: z.object({}),
            run() {
              calls += 1;
              return "seen";
            },
          });
          await client({ tools: [look] })
            .startThread({ ...inRepo, sandboxMode: "read-only" }).run("Look");
          strictEqual(calls, 1);
        },
      ),
  },
  {
    title: "a warning for an MCP tool that nobody can approve",
    run: (program) =>
      at(
        program,
        callThenDone("probe", "write"),
        async ({ client, inRepo, codexOptions }) => {
          const config = {
            ...codexOptions.config,
            mcp_servers: { probe: PROBE_SERVER.probe },
          };
          const turn = await client({ config })
            .startThread({ ...inRepo, sandboxMode: "read-only" }).run("Write");
          match(turn.warnings.join(), /default_tools_approval_mode/);
        },
      ),
  },
  {
    title: "the failure `unauthorized` (401)",
    run: failure(
      modelHttpError(401, { error: { message: "No" } }),
      "unauthorized",
    ),
  },
  {
    title: "the failure `rate_limit` (429)",
    run: failure(
      modelHttpError(429, { error: { message: "No" } }),
      "rate_limit",
    ),
  },
  {
    title: "the failure `usage_limit` (429)",
    run: failure(
      modelHttpError(429, {
        error: { type: "usage_limit_reached", message: "No" },
      }),
      "usage_limit",
    ),
  },
  {
    title: "the failure `bad_request` (400)",
    run: failure(
      modelHttpError(400, { error: { message: "No", type: "x" } }),
      "bad_request",
    ),
  },
  {
    title: "`CodexAppServer`: a turn",
    run: (program) =>
      at(program, DONE, async ({ codexOptions, inRepo }) => {
        await using codex = new CodexAppServer({
          ...codexOptions,
          codexPathOverride: program,
        });
        const { finalResponse } = await codex.startThread(inRepo).run("Hi");
        strictEqual(finalResponse, "Done");
      }),
  },
];

/** Values for the options that not every CLI accepts. */
const VALUES: { readonly [name: string]: unknown } = {
  threadSource: "user",
  cyberAccessProgram: "standard",
};

/** The options that need their own case. */
const OWN_CASES: { readonly [name: string]: VersionCase["run"] } = {
  baseUrl: tryBaseUrl,
  strictConfig: tryStrictConfig,
  worktree: tryWorktree,
};

/** The options that not every CLI accepts, each tried in a turn, oldest first. */
export const OPTION_CASES: readonly VersionCase[] = Object.entries(
  OPTION_TABLES,
)
  .flatMap(([owner, table]) =>
    optionRows(table).flatMap(([name, { since }]) =>
      since === undefined ? [] : [{ owner, name, since }]
    )
  )
  .sort((a, b) =>
    a.since.localeCompare(b.since, "en", { numeric: true }) ||
    a.name.localeCompare(b.name)
  )
  .map(({ owner, name }) => ({
    title: `\`${name}\``,
    run: OWN_CASES[name] ?? tryOption(owner, { [name]: VALUES[name] ?? true }),
  }));

/** Tries an option of the client, a thread or a turn. */
function tryOption(owner: string, option: object): VersionCase["run"] {
  if (owner === "client") return turnWith(option, {}, {});
  return owner === "thread"
    ? turnWith({}, option, {})
    : turnWith({}, {}, option);
}

/** Tries that requests go to another address. */
function tryBaseUrl(program: string): Promise<void> {
  return at(program, DONE, async ({ client, inRepo, model }) => {
    const stop = new AbortController();
    const turn = client({
      config: {},
      baseUrl: model.baseUrl,
      apiKey: "sk-none",
    }).startThread(inRepo).run("Hi", { signal: stop.signal });
    const settled = turn.then(() => undefined, (error) => error);
    const error = await Promise.race([
      settled,
      until("a request", () => model.requests[0] && null),
    ]).catch((error) => error);
    stop.abort();
    await settled;
    if (error instanceof Error) throw error;
  });
}

/** Tries a worktree, which needs a repository. */
function tryWorktree(program: string): Promise<void> {
  return at(program, DONE, async ({ client, inRepo, repo, env }) => {
    for (
      const args of [
        ["init", "-q"],
        ["-c", "user.name=a", "-c", "user.email=a@b.c"].concat(
          ["commit", "-q", "--allow-empty", "-m", "a"],
        ),
      ]
    ) {
      const { success } = await new Deno.Command("git", {
        args,
        cwd: repo,
        env,
      }).output();
      ok(success, "git has failed");
    }
    const { finalResponse } = await client()
      .startThread({ ...inRepo, worktree: true }).run("Hi");
    strictEqual(finalResponse, "Done");
  });
}

/** Tries that an unknown setting is rejected, and a known one is accepted. */
function tryStrictConfig(program: string): Promise<void> {
  return at(program, DONE, async ({ client, inRepo, codexOptions }) => {
    const { model_provider, model_providers } = codexOptions.config;
    const known = { model_provider, model_providers };
    const run = async (config: CodexOptions["config"]): Promise<unknown> => {
      const codex = client({ strictConfig: true, config });
      try {
        return (await codex.startThread(inRepo).run("Hi")).finalResponse;
      } catch (error) {
        if (error instanceof CodexUnsupportedOptionError) throw error;
        return error;
      }
    };
    strictEqual(await run(known), "Done");
    match(String(await run({ ...known, no_such_key: 1 })), /no_such_key/);
  });
}
