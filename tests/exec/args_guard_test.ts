import { LISTENERS } from "../../src/options/table.ts";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { describeArgs } from "../../src/cli/describe_args.ts";
import { buildArgs } from "../../src/exec/args.ts";
import { buildEnv } from "../../src/cli/env.ts";
import { NEW_THREAD } from "../../src/transport/origin.ts";
import type { CodexOptions, ThreadOptions } from "../../src/options/options.ts";
import type { TurnRequest } from "../../src/transport/transport.ts";

const THREAD_ID = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";

/**
 * Every option, with a value that must stay hidden. A new option does not compile until
 * it is added here.
 */
const CODEX_OPTIONS: Required<CodexOptions> & { apiKey: string } = {
  codexPathOverride: "/secret-codexPathOverride",
  baseUrl: "https://secret-baseUrl",
  apiKey: "secret-apiKey",
  config: { key: "secret-config", deep: { "odd key": ["secret-config-2"] } },
  configOverrides: ["raw=secret-configOverrides", "secret-without-equals"],
  profile: "secret-profile",
  features: { "secret-on": true, "secret-off": false },
  strictConfig: true,
  ignoreUserConfig: true,
  ignoreRules: true,
  hermetic: true,
  oss: true,
  localProvider: "secret-localProvider",
  extraArgs: [
    "--new-flag",
    "secret-extraArgs",
    "--new-switch",
    "-c",
    "a=secret",
  ],
  env: { NAME: "secret-env", GONE: undefined },
  envMode: "merge",
  strictEvents: true,
  maxLineBytes: 1000,
  shutdownGraceMs: 1000,
  endWithHost: true,
  tools: [],
  toolTimeoutMs: 1000,
  toolServerName: "tools",
  onEvent: () => {},
  onDiagnostic: () => {},
  onStderr: () => {},
  onSpawn: () => {},
  onExit: () => {},
  onTurn: () => {},
};

const THREAD_OPTIONS: Required<ThreadOptions> = {
  model: "secret-model",
  threadSource: "secret-threadSource",
  sandboxMode: "secret-sandboxMode" as "read-only",
  workingDirectory: "/secret-workingDirectory",
  skipGitRepoCheck: true,
  modelReasoningEffort: "secret-effort" as "low",
  networkAccessEnabled: true,
  webSearchMode: "secret-webSearchMode" as "live",
  webSearchEnabled: true,
  approvalPolicy: "secret-approvalPolicy" as "never",
  additionalDirectories: ["/secret-additional", "-secret-additional-2"],
  ephemeral: true,
  worktree: true,
  approveForMe: true,
  dangerouslyBypassApprovalsAndSandbox: true,
  dangerouslyBypassHookTrust: true,
  tools: [],
  toolTimeoutMs: 1000,
};

const REQUEST: Required<
  Omit<TurnRequest, "review" | "compact" | "attempt" | "watcher">
> = {
  prompt: "secret-prompt",
  images: [
    { inputPath: "input[0].path", source: "secret-image.png" },
    { inputPath: "input[1].path", source: "--config" },
  ],
  threadId: null,
  origin: NEW_THREAD,
  threadOptions: THREAD_OPTIONS,
  baseOptions: { model: "secret-baseOptions" },
  repair: 0,
  outputSchema: { type: "object", description: "secret-schema" },
  cyberAccessProgram: "secret-program" as "standard",
  tools: [],
  toolTimeoutMs: 1000,
  signal: new AbortController().signal,
};

/** The tool server, as if the tools had been started. */
const TOOL_SERVER = { url: "http://127.0.0.1:1/secret-path", timeoutMs: 1000 };

/** Builds the arguments and environment from a turn's options and request. */
function makeCommand(
  options: CodexOptions & { apiKey?: string },
  request: TurnRequest,
): unknown {
  return {
    args: buildArgs({
      options,
      request,
      images: request.images.map(({ source }) => String(source)),
      schemaPath: request.outputSchema && "/secret-schema.json",
      toolServer: TOOL_SERVER,
    }),
    env: buildEnv({
      options,
      hostEnv: () => "host",
      pathFolders: [],
      windows: false,
    }),
  };
}

/**
 * Options that other steps use: to find the CLI, read its output, end it, run tools or
 * observe.
 */
const ELSEWHERE = [
  ...Object.keys(LISTENERS),
  "tools",
  "toolTimeoutMs",
  "codexPathOverride",
  "strictEvents",
  "maxLineBytes",
  "shutdownGraceMs",
  "endWithHost",
];

for (const key of Object.keys(CODEX_OPTIONS)) {
  if (ELSEWHERE.includes(key)) continue;
  Deno.test(`buildArgs and buildEnv use the client's ${key}`, () => {
    // A shorthand for other options counts only if those are not set.
    const base = key === "hermetic"
      ? { ...CODEX_OPTIONS, ignoreUserConfig: false, ignoreRules: false }
      : { ...CODEX_OPTIONS, hermetic: false };
    assertNotEquals(
      makeCommand({ ...base, [key]: undefined }, REQUEST),
      makeCommand(
        { ...base, [key]: CODEX_OPTIONS[key as "hermetic"] },
        REQUEST,
      ),
    );
  });
}

for (const key of Object.keys(THREAD_OPTIONS)) {
  if (ELSEWHERE.includes(key)) continue;
  Deno.test(`buildArgs uses the thread's ${key}`, () => {
    // The switch counts only if no mode is set.
    const base = key === "webSearchEnabled"
      ? { ...THREAD_OPTIONS, webSearchMode: undefined }
      : THREAD_OPTIONS;
    const without = { ...base, [key]: undefined };
    const client = { ...CODEX_OPTIONS, hermetic: false };
    assertNotEquals(
      makeCommand(client, { ...REQUEST, threadOptions: without }),
      makeCommand(client, { ...REQUEST, threadOptions: base }),
    );
  });
}

/**
 * Parts of a request that never reach a command line: stdin, and options of the client
 * itself.
 */
const NOT_IN_COMMAND = [
  "prompt",
  "signal",
  "baseOptions",
  "repair",
  "tools",
  "toolTimeoutMs",
];

const OTHERS: { readonly [K in keyof TurnRequest]: TurnRequest[K] } = {
  ...REQUEST,
  prompt: "other",
  origin: { type: "last" },
  review: { uncommitted: true },
  images: [],
  threadId: THREAD_ID,
  threadOptions: {},
  baseOptions: {},
  repair: 1,
  outputSchema: undefined,
  cyberAccessProgram: undefined,
  tools: undefined,
  toolTimeoutMs: undefined,
  signal: new AbortController().signal,
};

for (const [key, other] of Object.entries(OTHERS)) {
  const seen = !NOT_IN_COMMAND.includes(key);
  Deno.test(`buildArgs ${seen ? "uses" : "never sends"} the request's ${key}`, () => {
    const before = JSON.stringify(makeCommand(CODEX_OPTIONS, REQUEST));
    const after = JSON.stringify(
      makeCommand(CODEX_OPTIONS, { ...REQUEST, [key]: other }),
    );
    assertEquals(before !== after, seen);
  });
}

Deno.test("describeArgs removes every value, and keeps flags, names and the thread", () => {
  for (const threadId of [null, THREAD_ID]) {
    const args = buildArgs({
      options: CODEX_OPTIONS,
      request: { ...REQUEST, threadId },
      images: REQUEST.images.map(({ source }) => String(source)),
      schemaPath: "/secret-schema.json",
      toolServer: TOOL_SERVER,
    });
    assert(JSON.stringify(args).includes("secret"));
    const described = describeArgs(args);
    assertEquals(JSON.stringify(described).match(/secret/g), null);
    assertEquals(described.length, args.length);
    assertEquals(
      described.filter((arg) => arg.startsWith("-")),
      args.filter((arg) => arg.startsWith("-")),
    );
    assertEquals(described.includes("key=…"), true);
    assertEquals(described.includes(THREAD_ID), threadId !== null);
  }
});

Deno.test("describeArgs removes values that look like flags", () => {
  const overrides = ["--config", "--model", "a=secret", "secret", "=secret"];
  const described = describeArgs([
    "exec",
    ...overrides.flatMap((override) => ["--config", override]),
    ...["--image", "--config", "--image", "secret=1"],
  ]);
  assertEquals(JSON.stringify(described).includes("secret"), false);
});

Deno.test("describeArgs removes values of any kind", () => {
  // Values whose text is found nowhere else, so that a hit is a leak.
  for (let round = 0; round < 200; round++) {
    const values: string[] = [];
    const value = (): string => {
      const text = `v${crypto.randomUUID()}`;
      values.push(text);
      return [text, `=${text}`, `k=${text}=`, `${text} --model`][
        Math.floor(Math.random() * 4)
      ] ?? text;
    };
    const args = buildArgs({
      options: {
        config: { a: value(), b: { "odd.key": [value(), { c: value() }] } },
        configOverrides: [`raw=${value()}`],
        baseUrl: value(),
      },
      request: {
        ...REQUEST,
        threadOptions: {
          model: value(),
          threadSource: value(),
          sandboxMode: value() as "read-only",
          workingDirectory: value(),
          modelReasoningEffort: value() as "low",
          webSearchMode: value() as "live",
          approvalPolicy: value() as "never",
          additionalDirectories: [value(), value()],
        },
        cyberAccessProgram: value() as "standard",
      },
      images: [value(), value()],
      schemaPath: value(),
    });
    const described = describeArgs(args).join("\n");
    assertEquals(values.filter((text) => described.includes(text)), []);
  }
});
