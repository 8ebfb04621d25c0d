/** Runs `examples/web` on a runtime, with the real CLI and a scripted model. @module */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  installRuntime,
  RUNTIMES,
} from "../../scripts/conformance/runtimes.ts";
import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import {
  modelAnswer,
  modelFunctionCall,
  modelMessage,
  type ModelOutputItem,
  type ModelReply,
  type ModelRequest,
  ScriptedModel,
} from "../../testing.ts";
import { assertNothingRuns } from "../support/real_codex.ts";
import { until, withinMinute } from "../../src/testing/waiting.ts";
import { installWebExample } from "./web_project.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** A running app. Disposing it asserts that nothing of it is left. */
export interface RunningApp extends AsyncDisposable {
  /** The printed address. */
  readonly url: URL;
  /** The folder that the agent works in. */
  readonly repo: string;
  /** Sends a request with the token to one of its routes. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Posts JSON to one of its routes. */
  post(path: string, body: unknown): Promise<Response>;
  /** Waits until a file in the agent's folder exists, and returns its text. */
  read(path: string): Promise<string>;
  /** Waits until the process whose id is in a file has ended. */
  isGone(path: string): Promise<void>;
}

/** Starts the app on a runtime. */
export async function startApp(runtime: string): Promise<RunningApp> {
  const found = RUNTIMES.find(({ name }) => name === runtime);
  assert(found !== undefined);
  const project = await installWebExample();
  await using stack = new AsyncDisposableStack();
  const model = stack.use(await ScriptedModel.start(reply));
  const { path: home } = stack.use(await tempFolder("acodex_web_home_"));
  const { path: repo } = stack.use(await tempFolder("acodex_web_repo_"));
  stack.defer(() => assertNothingRuns(home));
  await Deno.writeTextFile(
    `${home}/config.toml`,
    serializeConfigOverrides(model.config).join("\n"),
  );
  await new Deno.Command("git", { args: ["init", "--quiet", repo] }).output();
  const child = new Deno.Command(await installRuntime(found), {
    args: [
      ...runtime === "deno" ? ["run", "--allow-all", "--no-check"] : [],
      `${project}server.ts`,
    ],
    cwd: repo,
    env: { ...model.env(home), NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const printed = readAll(child.stdout);
  const complained = readAll(child.stderr);
  stack.defer(async () => {
    child.kill("SIGTERM");
    const { code } = await withinMinute("the end of the app", child.status);
    assertEquals([code, await complained.ended], [0, ""]);
    await printed.ended;
    // The port is free again.
    await assertRejects(() => fetch(url), TypeError);
  });
  const url = new URL(
    await until("the address", () =>
      /^http:\S+$/m.exec(printed.text())?.[0] ??
        (complained.text() || undefined)),
  );
  const read = (path: string) =>
    until(`the file ${path}`, () => {
      try {
        return Deno.readTextFileSync(`${repo}/${path}`).trim() || undefined;
      } catch {
        return undefined;
      }
    });
  const ask: RunningApp["ask"] = (path, init = {}) =>
    fetch(new URL(path, url), {
      ...init,
      headers: {
        authorization: `Bearer ${url.hash.slice(1)}`,
        ...init.headers,
      },
    });
  const left = stack.move();
  return {
    url,
    repo,
    ask,
    post: (path, body) =>
      ask(path, { method: "POST", body: JSON.stringify(body) }),
    read,
    isGone: async (path) => {
      const id = await read(path);
      await until(`the end of the process of ${path}`, () => {
        try {
          Deno.statSync(`/proc/${id}`);
          return undefined;
        } catch {
          return true;
        }
      });
    },
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}

/** Collects the output of a program. */
function readAll(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  let text = "";
  const ended = (async () => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      text += part;
    }
    return text;
  })();
  return { text: () => text, ended };
}

/**
 * Answers by the prompt: "Say …" with the words, one by one; "Run …" with a request for
 * approval of the command, and then with its output.
 */
function reply({ prompt, toolOutputs, body }: ModelRequest): ModelReply {
  const [, word, rest = ""] = /(Say|Run) ([^]*)$/.exec(prompt) ?? [];
  if (word === "Say") return modelAnswer(pieces(rest));
  const { input } = body as { input: readonly { type: string }[] };
  const printed = toolOutputs.at(-1)?.text.trim() ?? "";
  return input.at(-1)?.type !== "function_call_output"
    ? modelAnswer(
      modelMessage("I will run it."),
      modelFunctionCall("exec_command", {
        cmd: rest,
        sandbox_permissions: "require_escalated",
        justification: "It has to be",
        yield_time_ms: 120_000,
      }),
    )
    : modelAnswer(modelMessage(`It printed ${printed.split("\n").at(-1)}`));
}

/** Returns a message that is streamed word by word. */
function pieces(text: string): ModelOutputItem {
  const content = text.split(/(?= )/).map((text) => ({
    type: "output_text",
    text,
  }));
  return { type: "message", role: "assistant", content };
}
