/**
 * Runs one program with the official SDK and with this package under its name, and
 * compares arguments, environment, stdin and results. Each intended difference has a
 * row in docs/differences.md and a line in this file.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  modelAnswer,
  modelCommand,
  modelHttpError,
  modelMessage,
  modelReasoning,
  modelUsage,
} from "../../testing.ts";
import {
  completedTurn,
  FakeCli,
  type FakeSteps,
  print,
  script,
  THREAD_ID,
} from "../../src/testing/fake.ts";
import { SDK_ORIGINATOR } from "../../src/cli/env.ts";
import { MARKER_NAME } from "../../src/cli/terminate/marker.ts";
import { PNG } from "../input/images.ts";
import { realCodex } from "../support/real_codex.ts";
import { type Case, type CaseOutcome, runCases, USERS } from "./support.ts";

// The fake CLI is a shell script.
const ignore = Deno.build.os === "windows";

/** What the CLI was started with. */
interface Started {
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
  readonly stdin: string;
  readonly schema: string;
}

/** Copies the schema before its file is removed. */
const KEEP_SCHEMA = script(`while [ $# -gt 0 ]; do
  if [ "$1" = --output-schema ]; then cat "$2" > "$FAKE_HOME/schema"; fi
  shift
done`);

/** Has no version, for which this package asks if an option requires a newer CLI. */
const NO_VERSION = script('if [ "$1" = --version ]; then exit 1; fi');

const NOTES: FakeSteps = [
  NO_VERSION,
  ...["record", "env env", "stdin"] as const,
  KEEP_SCHEMA,
];

/** The schema's file has a different name each time. */
const SCHEMA_FILE = /^\/.*\/schema\.json$/;

/** Runs a case with both packages on the same fake CLI. */
async function both(
  steps: FakeSteps,
  makeCase: (fake: { readonly path: string; readonly folder: string }) => Case,
): Promise<{ outcomes: CaseOutcome[]; started: Started[] }> {
  const folder = await Deno.makeTempDir({ prefix: "drop-in-" });
  try {
    const outcomes: CaseOutcome[] = [];
    const started: Started[] = [];
    for (const user of USERS) {
      // The path is the same for both, because it is in the environment.
      const fake = new FakeCli(`${folder}/fake`, [NOTES, steps]);
      const [outcome] = await runCases(user, [makeCase(fake)], {
        HOME: folder,
        HOST_VARIABLE: "kept",
      });
      outcomes.push(outcome as CaseOutcome);
      const run = fake.requests.at(-1);
      started.push({
        args: (run?.argv ?? []).map((arg) =>
          SCHEMA_FILE.test(arg) ? "SCHEMA" : arg
        ),
        env: Object.fromEntries(
          fake.lines("env").map((line) => {
            const equals = line.indexOf("=");
            return [line.slice(0, equals), line.slice(equals + 1)];
          }),
        ),
        stdin: run?.stdin ?? "",
        schema: fake.hasNote("schema")
          ? await Deno.readTextFile(`${fake.folder}/schema`)
          : "",
      });
      await Deno.remove(fake.folder, { recursive: true });
    }
    return { outcomes, started };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ORIGINATOR = "CODEX_INTERNAL_ORIGINATOR_OVERRIDE";

const PLAYED: FakeSteps = print(...completedTurn("Done"));

const OPTIONS: { readonly [what: string]: Case } = {
  "nothing": { client: {}, turns: [{ input: "Hi" }] },
  "all client options": {
    client: {
      baseUrl: "http://127.0.0.1:1/v1",
      apiKey: "key-of-the-user",
      config: {
        model_provider: "mine",
        nested: { deep: { on: true, list: [1, "two", { three: 3.5 }] } },
        empty: {},
      },
      configOverrides: ["tools.update_plan.enabled=true", "x = [1]"],
      env: { PATH: "/usr/bin:/bin", ONLY: "this" },
    },
    turns: [{ input: "Hi" }],
  },
  "its own originator": {
    client: { env: { PATH: "/usr/bin:/bin", [ORIGINATOR]: "my_app" } },
    turns: [{ input: "Hi" }],
  },
  "all thread options": {
    client: {},
    thread: {
      model: "gpt-x",
      threadSource: "user",
      sandboxMode: "workspace-write",
      workingDirectory: "/",
      skipGitRepoCheck: true,
      modelReasoningEffort: "high",
      networkAccessEnabled: true,
      webSearchMode: "cached",
      webSearchEnabled: true,
      approvalPolicy: "on-request",
      additionalDirectories: ["/tmp", "/usr"],
    },
    turns: [{ input: "Hi" }],
  },
  "options that are false": {
    client: {},
    thread: {
      skipGitRepoCheck: false,
      networkAccessEnabled: false,
      webSearchEnabled: false,
      additionalDirectories: [],
    },
    turns: [{ input: "Hi" }],
  },
  "a turn's options": {
    client: {},
    turns: [{
      input: "Hi",
      options: {
        outputSchema: { type: "object", properties: {} },
        cyberAccessProgram: "standard",
      },
    }],
  },
  "a resumed thread and several texts": {
    client: {},
    thread: { model: "gpt-x", threadSource: "user" },
    id: THREAD_ID,
    turns: [{
      input: [{ type: "text", text: "One" }, { type: "text", text: "Zwö\n3" }],
    }],
  },
};

for (const [what, given] of Object.entries(OPTIONS)) {
  Deno.test({
    name: `The CLI is started the same way, with ${what}`,
    ignore,
    fn: async () => {
      const { outcomes, started } = await both(PLAYED, ({ path }) => ({
        ...given,
        client: { ...given.client, codexPathOverride: path },
      }));
      const [official, ours] = started;
      assert(official !== undefined && ours !== undefined);
      assertEquals(ours, {
        ...official,
        env: {
          ...official.env,
          // The intended differences.
          [MARKER_NAME]: ours.env[MARKER_NAME],
          PWD: given.thread && "workingDirectory" in given.thread
            ? given.thread.workingDirectory
            : official.env.PWD,
          [ORIGINATOR]: official.env[ORIGINATOR] === "codex_sdk_ts"
            ? SDK_ORIGINATOR
            : official.env[ORIGINATOR],
        },
      } as Started);
      assertEquals(typeof ours.env[MARKER_NAME], "string");
      assertEquals(outcomes[1], outcomes[0]);
      assertEquals(official.stdin.length > 1, true);
    },
  });
}

Deno.test({
  name: "Images are passed the same way",
  ignore,
  fn: async () => {
    const { started: [official, ours] } = await both(
      PLAYED,
      ({ path, folder }) => {
        const images = ["a.png", "b.png"].map((name) => `${folder}/${name}`);
        for (const image of images) Deno.writeFileSync(image, PNG);
        return {
          client: { codexPathOverride: path },
          id: THREAD_ID,
          turns: [{
            input: [
              { type: "text", text: "Compare" },
              ...images.map((path) => ({ type: "local_image", path })),
            ],
          }],
        };
      },
    );
    assertEquals(ours?.args, official?.args);
    assertEquals(ours?.stdin, official?.stdin);
    assertEquals(official?.args.filter((arg) => arg === "--image").length, 2);
  },
});

/** The recorded streams of successful turns. */
const RECORDED = [
  "cmd",
  "failcmd",
  "mcp",
  "patch",
  "plan-enabled",
  "think",
  "web",
];

for (const name of RECORDED) {
  Deno.test({
    name: `A recorded stream gives the same turn and the same events: ${name}`,
    ignore,
    fn: async () => {
      const file = new URL(`../fixtures/${name}.jsonl`, import.meta.url);
      const { outcomes: [official, ours] } = await both(
        [`file ${file.pathname}`],
        ({ path }) => ({
          client: { codexPathOverride: path },
          turns: [{ input: "Go" }, { input: "Go", streamed: true }],
        }),
      );
      assertEquals(ours, official);
      const [turn] = official?.turns ?? [];
      assert(turn !== undefined && "items" in turn && turn.items.length > 0);
    },
  });
}

for (const name of ["400", "401", "429", "500"]) {
  Deno.test({
    name: `A recorded failure is an error with the same text: ${name}`,
    ignore,
    fn: async () => {
      const file = new URL(`../fixtures/${name}.jsonl`, import.meta.url);
      const { outcomes: [official, ours] } = await both(
        [`file ${file.pathname}`, "exit 1"],
        ({ path }) => ({
          client: { codexPathOverride: path },
          turns: [{ input: "Go" }],
        }),
      );
      const [theirs, own] = [official, ours].map((outcome) =>
        outcome?.turns[0]
      );
      assert(theirs && "message" in theirs && own && "message" in own);
      assertEquals([theirs.name, own.name], ["Error", "CodexThreadRunError"]);
      assertEquals(ours?.id, official?.id);
      // The text is that of the service, without the JSON around it, or with advice
      // added.
      const inJson = JSON.stringify(own.message).slice(1, -1);
      assert(
        theirs.message.includes(inJson) ||
          own.message.startsWith(theirs.message),
        `${own.message}\n${theirs.message}`,
      );
    },
  });
}

Deno.test({
  name: "The real CLI gets the same requests, and the turns are the same",
  ignore,
  fn: async () => {
    const asked: unknown[] = [];
    const outcomes: CaseOutcome[] = [];
    for (const user of USERS) {
      await using real = await realCodex([
        modelAnswer(
          modelReasoning("Hm"),
          modelMessage("I will look."),
          modelCommand("echo hi"),
        ),
        modelAnswer(modelMessage('{"n":1}'), modelUsage({ input_tokens: 7 })),
        modelAnswer(modelMessage("Again"), modelUsage({ input_tokens: 9 })),
        modelHttpError(400, '{"error":{"message":"No more"}}'),
      ]);
      const turn = { input: "Count", options: { outputSchema: SCHEMA } };
      const [outcome] = await runCases(user, [{
        client: real.codexOptions,
        thread: real.inRepo,
        turns: [turn, { input: "And now?", streamed: true }, { input: "More" }],
      }], { HOME: real.home });
      outcomes.push(outcome as CaseOutcome);
      asked.push(
        real.model.requests.map(({ prompt, textFormat, model, tools }) => ({
          prompt,
          textFormat,
          model,
          tools,
        })),
      );
    }
    assertEquals(asked[1], asked[0]);
    assertEquals((asked[0] as unknown[]).length, 4);
    const [official, ours] = outcomes;
    assertEquals(
      ours?.turns.slice(0, 2).map(plain),
      official?.turns.slice(0, 2).map(plain),
    );
    const [, , theirs] = official?.turns ?? [];
    const [, , own] = ours?.turns ?? [];
    assert(theirs && "message" in theirs && own && "message" in own);
    assertEquals(own.message, "No more");
    assertStringIncludes(theirs.message, "No more");
  },
});

const SCHEMA = {
  type: "object",
  properties: { n: { type: "number" } },
  required: ["n"],
  additionalProperties: false,
};

/** Replaces the ids that the CLI generates in each run. */
function plain(outcome: unknown): unknown {
  return JSON.parse(
    JSON.stringify(outcome).replaceAll(
      /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g,
      "ID",
    ),
  );
}
