import { assertEquals, assertNotEquals } from "@std/assert";
import { Codex, CodexError, type Input, type Thread } from "../../mod.ts";
import { CodexAppServer } from "../../app_server.ts";
import {
  modelAnswer,
  modelMessage,
  type ModelRequest,
  ScriptedModel,
} from "../../testing.ts";
import { fillHome } from "../../src/testing/warm_home.ts";
import { assertNothingRuns, OPEN } from "../support/real_codex.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { PROBE_SERVER } from "../support/mcp_server.ts";
import { type Scenario, SCENARIOS } from "./parity_scenarios.ts";

/** The models: the CLI sends different requests to each. */
const MODELS = ["gpt-5.5", "gpt-6.1-sol"];

/** A scenario whose result is not compared. */
const WARM_UP: Scenario = { replies: [] };

/** The number of turns that run at the same time, on each transport. */
const AT_ONCE = 3;

/** The result of a turn, without what differs between any two runs. */
interface Seen {
  readonly events: unknown;
  readonly error: unknown;
  readonly requests: readonly unknown[];
}

/** One transport, with its own model and home. */
interface Side extends AsyncDisposable {
  run(name: string, scenario: Scenario): Promise<Seen>;
}

/** A client of either transport. */
interface Client {
  startThread(options: object): Thread;
}

async function side(
  model: string,
  makeClient: (options: object) => Client & Partial<AsyncDisposable>,
): Promise<Side> {
  await using stack = new AsyncDisposableStack();
  const { path: home } = stack.use(await tempFolder());
  stack.defer(() => assertNothingRuns(home));
  fillHome(home);
  const taken = new Map<string, number>();
  const requests = new Map<string, ModelRequest[]>();
  const service = stack.use(
    await ScriptedModel.start((request) => {
      const name = /SCENARIO (.*?)\./.exec(request.text)?.[1] ?? "";
      const index = taken.get(name) ?? 0;
      taken.set(name, index + 1);
      requests.set(name, [...requests.get(name) ?? [], request]);
      return SCENARIOS[name]?.replies[index] ??
        modelAnswer(modelMessage("No such step"));
    }),
  );
  const client = makeClient({
    config: {
      ...service.config,
      mcp_servers: PROBE_SERVER,
      model_reasoning_summary: "auto",
    },
    env: { ...service.env(home), PATH: Deno.env.get("PATH") },
  });
  stack.defer(async () => await client[Symbol.asyncDispose]?.());
  const left = stack.move();
  return {
    async run(name, { thread, turn, parts, files = {}, beside = [] }) {
      await using temporary = await tempFolder();
      const root = temporary.path;
      const folder = `${root}/work`;
      await Deno.mkdir(folder);
      for (const [path, text] of Object.entries(files)) {
        await Deno.writeTextFile(`${folder}/${path}`, text);
      }
      for (const path of beside) await Deno.mkdir(`${root}/${path}`);
      const prompt = `SCENARIO ${name}.`;
      const input: Input = parts === undefined
        ? prompt
        : [{ type: "text", text: prompt }, ...parts];
      const events: unknown[] = [];
      let failed: unknown = null;
      try {
        const streamed = await client.startThread({
          ...OPEN,
          model,
          workingDirectory: folder,
          additionalDirectories: beside.map((path) => `../${path}`),
          ...thread,
        }).runStreamed(input, turn);
        for await (const event of streamed.events) events.push(event);
        const { turnUsage, warnings, finalResponse } = streamed.result;
        events.push({ turnUsage, warnings, finalResponse });
      } catch (error) {
        if (!(error instanceof CodexError)) throw error;
        failed = { name: error.name, code: error.code, message: error.message };
      }
      const strip = normalizer(root, home, service.baseUrl);
      return {
        events: strip(events),
        error: strip(failed),
        requests: (requests.get(name) ?? []).map(({ body, path }) =>
          strip({ path, body: withoutMetadata(body) })
        ),
      };
    },
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}

/** Removes from a request what identifies only the run (facts A6, A7). */
function withoutMetadata(body: unknown): unknown {
  const { client_metadata: _, prompt_cache_key: __, ...rest } = body as Record<
    string,
    unknown
  >;
  return rest;
}

/** Returns a function that replaces what differs between any two runs: folders, ports, times, ids. */
function normalizer(
  root: string,
  home: string,
  url: string,
): (value: unknown) => unknown {
  return (value) =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(root, "ROOT")
        .replace(/codex-images-[0-9a-f]+/g, "codex-images-X")
        .replaceAll(home, "HOME")
        .replaceAll(url, "URL")
        .replace(
          /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
          "UUID",
        )
        .replace(/Chunk ID: [0-9a-f]+/g, "Chunk ID: X")
        .replace(/Wall time: [\d.]+/g, "Wall time: X")
        .replace(/session ID \d+/g, "session ID X")
        .replace(/(item|msg|call|ws|rs|resp)_[\w-]+/g, "$1_X"),
    );
}

for (const model of MODELS) {
  Deno.test(`A turn over codex app-server equals one of codex exec, on ${model}`, async (t) => {
    await using exec = await side(model, (options) => new Codex(options));
    await using server = await side(
      model,
      (options) => new CodexAppServer(options),
    );
    // The first turn in a home installs the CLI's own skills; several at once damage them.
    await exec.run("warm-up", WARM_UP);
    await server.run("warm-up", WARM_UP);
    const waiting = Object.entries(SCENARIOS);
    const seen = new Map<string, readonly [Seen, Seen]>();
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (;;) {
        const next = waiting.shift();
        if (next === undefined) return;
        const [name, scenario] = next;
        seen.set(
          name,
          await Promise.all([
            exec.run(name, scenario),
            server.run(name, scenario),
          ]),
        );
      }
    }));
    for (const [name, [ofExec, ofServer]] of seen) {
      await t.step(name, () => {
        assertNotEquals(ofExec.requests.length, 0);
        assertEquals(ofServer.events, ofExec.events);
        assertEquals(ofServer.error, ofExec.error);
        assertEquals(ofServer.requests, ofExec.requests);
      });
    }
  });
}
