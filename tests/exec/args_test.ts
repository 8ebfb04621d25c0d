import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import { buildArgs } from "../../src/exec/args.ts";
import { NEW_THREAD } from "../../src/transport/origin.ts";
import type { CodexOptions, ThreadOptions } from "../../src/options/options.ts";
import type { TurnRequest } from "../../src/transport/transport.ts";

const THREAD_ID = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";

/** Returns the arguments after `exec --experimental-json`. */
function makeArgs(
  options: CodexOptions = {},
  threadOptions: ThreadOptions = {},
  turn: Partial<Omit<TurnRequest, "images">> & {
    schemaPath?: string;
    images?: readonly string[];
  } = {},
): string[] {
  const { schemaPath, images = [], ...request } = turn;
  const args = buildArgs({
    options,
    schemaPath,
    images,
    request: {
      prompt: "Do it",
      threadId: null,
      origin: NEW_THREAD,
      threadOptions,
      outputSchema: undefined,
      cyberAccessProgram: undefined,
      signal: new AbortController().signal,
      ...request,
    },
  });
  assertEquals(args.slice(0, 2), ["exec", "--experimental-json"]);
  return args.slice(2);
}

const EVERY_CODEX_OPTION: CodexOptions = {
  config: { approval_policy: "untrusted", nested: { a: 1, b: ["x"] } },
  configOverrides: ["raw.one=1", 'raw.two="2"'],
  baseUrl: "https://example.test/v1",
  apiKey: "the-key",
  env: { SOME: "value" },
};

const EVERY_THREAD_OPTION: ThreadOptions = {
  model: "gpt-test",
  threadSource: "tests",
  sandboxMode: "workspace-write",
  workingDirectory: "/work dir",
  additionalDirectories: ["/one", "two"],
  skipGitRepoCheck: true,
  modelReasoningEffort: "xhigh",
  networkAccessEnabled: false,
  webSearchMode: "cached",
  webSearchEnabled: true,
  approvalPolicy: "never",
};

Deno.test("buildArgs adds nothing without options", () => {
  assertEquals(makeArgs(), []);
});

Deno.test("buildArgs orders settings, flags, the thread's settings, resume and images", () => {
  const turn = {
    threadId: THREAD_ID,
    cyberAccessProgram: "daybreak_blue" as const,
    images: ["a.png", "b.png"],
    schemaPath: "/tmp/schema.json",
  };
  assertEquals(makeArgs(EVERY_CODEX_OPTION, EVERY_THREAD_OPTION, turn), [
    ...["--config", 'approval_policy="untrusted"'],
    ...["--config", "nested.a=1"],
    ...["--config", 'nested.b=["x"]'],
    ...["--config", "raw.one=1"],
    ...["--config", 'raw.two="2"'],
    ...["--config", 'openai_base_url="https://example.test/v1"'],
    ...["--model", "gpt-test"],
    ...["--sandbox", "workspace-write"],
    ...["--cd", "/work dir"],
    ...["--add-dir", "/one"],
    ...["--add-dir", "two"],
    "--skip-git-repo-check",
    ...["--output-schema", "/tmp/schema.json"],
    ...["--cyber-access-program", "daybreak_blue"],
    ...["--config", 'model_reasoning_effort="xhigh"'],
    ...["--config", "sandbox_workspace_write.network_access=false"],
    ...["--config", 'web_search="cached"'],
    ...["--config", 'approval_policy="never"'],
    ...["resume", THREAD_ID],
    ...["--image", "a.png"],
    ...["--image", "b.png"],
  ]);
});

Deno.test("buildArgs sends the source of a new thread after the model, and never on resume", () => {
  const options: ThreadOptions = {
    model: "m",
    threadSource: "s",
    sandboxMode: "read-only",
  };
  assertEquals(makeArgs({}, options), [
    ...["--model", "m"],
    ...["--thread-source", "s"],
    ...["--sandbox", "read-only"],
  ]);
  assertEquals(makeArgs({}, options, { threadId: THREAD_ID }), [
    ...["--model", "m"],
    ...["--sandbox", "read-only"],
    ...["resume", THREAD_ID],
  ]);
});

Deno.test("buildArgs puts options before fork, resume --last and review", () => {
  const options: ThreadOptions = { model: "m", threadSource: "s" };
  const sent = ["--model", "m", "--thread-source", "s"];
  const fork = { type: "fork", threadId: THREAD_ID } as const;
  assertEquals(
    makeArgs({}, options, { origin: fork, images: ["i.png"] }),
    [...sent, "fork", THREAD_ID, "-", "--image", "i.png"],
  );
  assertEquals(
    makeArgs({}, options, { origin: { type: "last" } }),
    [...sent, "resume", "--last", "-"],
  );
  for (
    const [review, words] of [
      [{ uncommitted: true }, ["--uncommitted"]],
      [{ base: "main" }, ["--base", "main"]],
      [{ commit: "abc" }, ["--commit", "abc"]],
      [{ instructions: "Look" }, ["-"]],
    ] as const
  ) {
    assertEquals(makeArgs({}, options, { review }), [
      ...sent,
      "review",
      ...words,
    ]);
  }
  // A copy that exists is resumed like any other thread.
  assertEquals(
    makeArgs({}, {}, { origin: fork, threadId: THREAD_ID }),
    ["resume", THREAD_ID],
  );
  assertThrows(
    () => makeArgs({}, {}, { origin: { type: "fork", threadId: "--last" } }),
    CodexInputError,
  );
});

Deno.test("buildArgs puts options before resume and images after it", () => {
  const args = makeArgs({}, { model: "m", additionalDirectories: ["d"] }, {
    threadId: THREAD_ID,
    images: ["i.png"],
  });
  assertEquals(args.slice(-4), ["resume", THREAD_ID, "--image", "i.png"]);
});

Deno.test("buildArgs lets baseUrl and the thread's options override config", () => {
  const config = {
    openai_base_url: "a",
    web_search: "live",
    model_reasoning_effort: "low",
  };
  const args = makeArgs({ config, baseUrl: "b" }, {
    webSearchMode: "disabled",
    modelReasoningEffort: "high",
  });
  const last = (key: string) =>
    args.findLast((arg) => arg.startsWith(`${key}=`));
  assertEquals(last("openai_base_url"), 'openai_base_url="b"');
  assertEquals(last("web_search"), 'web_search="disabled"');
  assertEquals(last("model_reasoning_effort"), 'model_reasoning_effort="high"');
});

Deno.test("buildArgs quotes the values of settings", () => {
  assertEquals(
    makeArgs({ baseUrl: 'http://x/"\n' }, {
      modelReasoningEffort: 'high"value' as "high",
    }),
    [
      ...["--config", 'openai_base_url="http://x/\\"\\n"'],
      ...["--config", 'model_reasoning_effort="high\\"value"'],
    ],
  );
});

const SWITCHES: [options: ThreadOptions, args: string[]][] = [
  [{ networkAccessEnabled: true }, [
    "--config",
    "sandbox_workspace_write.network_access=true",
  ]],
  [{ networkAccessEnabled: false }, [
    "--config",
    "sandbox_workspace_write.network_access=false",
  ]],
  [{ webSearchEnabled: true }, ["--config", 'web_search="live"']],
  [{ webSearchEnabled: false }, ["--config", 'web_search="disabled"']],
  [{ webSearchEnabled: false, webSearchMode: "live" }, [
    "--config",
    'web_search="live"',
  ]],
  [{ skipGitRepoCheck: true }, ["--skip-git-repo-check"]],
  [{ skipGitRepoCheck: false }, []],
];

for (const [options, args] of SWITCHES) {
  Deno.test(`buildArgs turns ${JSON.stringify(options)} into "${args.join(" ")}"`, () => {
    assertEquals(makeArgs({}, options), args);
  });
}

Deno.test("buildArgs treats null, undefined and empty values as absent", () => {
  for (const empty of [null, undefined, ""]) {
    const threadOptions = Object.fromEntries(
      Object.keys(EVERY_THREAD_OPTION).map((key) => [key, empty]),
    );
    // An empty string is neither a list nor a switch.
    if (empty === "") {
      for (const key of ["additionalDirectories", "networkAccessEnabled"]) {
        delete threadOptions[key];
      }
    }
    assertEquals(makeArgs({ baseUrl: empty as "" }, threadOptions), []);
  }
});

Deno.test("buildArgs prefixes a path that begins with - with ./", () => {
  assertEquals(
    makeArgs({}, { workingDirectory: "-w", additionalDirectories: ["--a"] }, {
      images: ["-x.png", "--last"],
      schemaPath: "-s",
    }),
    [
      ...["--cd", "./-w"],
      ...["--add-dir", "./--a"],
      ...["--output-schema", "./-s"],
      ...["--image", "./-x.png"],
      ...["--image", "./--last"],
    ],
  );
});

const FLAG = "--dangerously-bypass-approvals-and-sandbox";
const READ_AS_FLAGS: [path: string, args: () => string[]][] = [
  ["model", () => makeArgs({}, { model: FLAG })],
  ["threadSource", () => makeArgs({}, { threadSource: FLAG })],
  ["sandboxMode", () => makeArgs({}, { sandboxMode: FLAG as "read-only" })],
  [
    "cyberAccessProgram",
    () => makeArgs({}, {}, { cyberAccessProgram: FLAG as "standard" }),
  ],
  ["configOverrides[1]", () => makeArgs({ configOverrides: ["a=1", FLAG] })],
];

for (const [path, args] of READ_AS_FLAGS) {
  Deno.test(`buildArgs rejects ${path} that begins with -`, () => {
    const error = assertThrows(args);
    assertInstanceOf(error, CodexInputError);
    assertEquals(error.path, path);
    assertEquals(error.code, "invalid_input");
    // The value may be anything, so it stays out of the message.
    assertEquals(error.message.includes(FLAG), false);
  });
}
