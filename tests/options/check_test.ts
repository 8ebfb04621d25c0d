import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertObjectMatch,
  assertThrows,
} from "@std/assert";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import {
  ownCodexOptions,
  ownThreadOptions,
  ownTurnOptions,
} from "../../src/options/check.ts";
import type {
  CodexOptions,
  ThreadOptions,
  TurnOptions,
} from "../../src/options/options.ts";

const CHECKS = {
  codex: (options: unknown) => ownCodexOptions(options as CodexOptions),
  thread: (options: unknown) => ownThreadOptions(options as ThreadOptions),
  turn: (options: unknown) => ownTurnOptions(options as TurnOptions),
};

type Kind = keyof typeof CHECKS;

/** Returns the path and the message of the error that rejects the options. */
function refusal(
  kind: Kind,
  options: unknown,
): [path: string, message: string] {
  const error = assertThrows(() => CHECKS[kind](options));
  assertInstanceOf(error, CodexInputError);
  assertEquals(error.code, "invalid_input");
  return [error.path, error.message];
}

const FULL: { codex: CodexOptions; thread: ThreadOptions; turn: TurnOptions } =
  {
    codex: {
      codexPathOverride: "codex",
      baseUrl: "http://x",
      apiKey: "k",
      config: { a: 1 },
      configOverrides: ["a=1"],
      env: { A: "1", EMPTY: "", GONE: undefined },
      envMode: "merge",
      strictEvents: true,
      maxLineBytes: 1,
      profile: "p",
      features: { a: true, b: false },
      strictConfig: true,
      ignoreUserConfig: false,
      ignoreRules: true,
      hermetic: false,
      oss: true,
      localProvider: "ollama",
      extraArgs: ["--color", "never"],
    },
    thread: {
      model: "m",
      threadSource: "s",
      sandboxMode: "read-only",
      workingDirectory: ".",
      skipGitRepoCheck: false,
      modelReasoningEffort: "low",
      networkAccessEnabled: true,
      webSearchMode: "live",
      webSearchEnabled: false,
      approvalPolicy: "never",
      additionalDirectories: ["a", "b"],
      ephemeral: true,
      worktree: false,
      approveForMe: false,
      dangerouslyBypassApprovalsAndSandbox: false,
      dangerouslyBypassHookTrust: true,
    },
    turn: {
      model: "m",
      modelReasoningEffort: "low",
      sandboxMode: "read-only",
      approvalPolicy: "never",
      webSearchMode: "live",
      networkAccessEnabled: true,
      outputSchema: { type: "object" },
      cyberAccessProgram: "standard",
      signal: new AbortController().signal,
    },
  };

for (const kind of Object.keys(FULL) as Kind[]) {
  Deno.test(`check_options accepts every option of a ${kind}, undefined, null and missing options`, () => {
    CHECKS[kind](FULL[kind]);
    CHECKS[kind]({});
    for (const empty of [undefined, null]) {
      CHECKS[kind](
        Object.fromEntries(Object.keys(FULL[kind]).map((key) => [key, empty])),
      );
    }
  });

  Deno.test(`check_options rejects an unknown key of a ${kind}, unless its value is undefined or null`, () => {
    for (const name of ["myOwn", "x_y", "toString", "__proto__", ""]) {
      const options = (value: unknown): object =>
        Object.defineProperty({ ...FULL[kind] }, name, {
          enumerable: true,
          value,
        });
      const [path, message] = refusal(kind, options("z"));
      assertEquals(path, name);
      assertMatch(
        message,
        /^Unknown option ".*" of a \w+: the options are \w+, /,
      );
      CHECKS[kind](options(undefined));
      CHECKS[kind](options(null));
    }
  });

  Deno.test(`check_options rejects another spelling of any option of a ${kind}`, () => {
    for (const key of Object.keys(FULL[kind])) {
      const snake = key.replaceAll(
        /[A-Z]/g,
        (letter) => `_${letter.toLowerCase()}`,
      );
      const spellings = [snake, snake.replaceAll("_", "-"), key.toUpperCase()];
      for (const spelling of spellings.filter((word) => word !== key)) {
        assertEquals(refusal(kind, { [spelling]: "x" }), [
          spelling,
          `Unknown option "${spelling}" of a ${
            kind === "codex" ? "client" : kind
          }: did you mean ${key}?`,
        ]);
      }
    }
  });

  Deno.test(`check_options rejects options of a ${kind} that are not an object`, () => {
    for (const options of [null, "model", 7]) {
      assertEquals(refusal(kind, options)[0], "options");
    }
  });
}

const WRONG: [kind: Kind, options: object, path: string, why: string][] = [
  ["codex", { apiKey: 7 }, "apiKey", "must be a string"],
  ["codex", { baseUrl: new URL("http://x") }, "baseUrl", "must be a string"],
  [
    "codex",
    { codexPathOverride: ["codex"] },
    "codexPathOverride",
    "must be a string",
  ],
  [
    "codex",
    { codexPathOverride: "a\0b" },
    "codexPathOverride",
    "must not contain a NUL character",
  ],
  [
    "codex",
    { configOverrides: "a=1" },
    "configOverrides",
    "must be an array of strings",
  ],
  [
    "codex",
    { configOverrides: ["a=1", 2] },
    "configOverrides[1]",
    "must be a string",
  ],
  [
    "codex",
    { configOverrides: ["a=\0"] },
    "configOverrides[0]",
    "must not contain a NUL character",
  ],
  ["codex", { envMode: "inherit" }, "envMode", 'must be "replace" or "merge"'],
  [
    "codex",
    { maxLineBytes: 0 },
    "maxLineBytes",
    `must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`,
  ],
  [
    "codex",
    { maxLineBytes: 1.5 },
    "maxLineBytes",
    `must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`,
  ],
  [
    "codex",
    { maxLineBytes: Infinity },
    "maxLineBytes",
    `must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`,
  ],
  [
    "codex",
    { maxLineBytes: "1" },
    "maxLineBytes",
    `must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`,
  ],
  ["codex", { strictEvents: 1 }, "strictEvents", "must be true or false"],
  [
    "codex",
    { env: { "A=B": "1" } },
    'env["A=B"]',
    "has a name that is not valid for a variable",
  ],
  [
    "codex",
    { env: { "": "1" } },
    'env[""]',
    "has a name that is not valid for a variable",
  ],
  ["codex", { env: "A=1" }, "env", "must be an object of variables"],
  ["codex", { env: ["A=1"] }, "env", "must be an object of variables"],
  ["codex", { env: { A: 1 } }, 'env["A"]', "must be a string"],
  [
    "codex",
    { env: { A: "\0" } },
    'env["A"]',
    "must not contain a NUL character",
  ],
  ["thread", { model: 5 }, "model", "must be a string"],
  ["thread", { model: "a\0" }, "model", "must not contain a NUL character"],
  ["thread", { workingDirectory: {} }, "workingDirectory", "must be a string"],
  [
    "thread",
    { skipGitRepoCheck: "yes" },
    "skipGitRepoCheck",
    "must be true or false",
  ],
  [
    "thread",
    { networkAccessEnabled: 0 },
    "networkAccessEnabled",
    "must be true or false",
  ],
  [
    "thread",
    { additionalDirectories: "/a" },
    "additionalDirectories",
    "must be an array of strings",
  ],
  [
    "thread",
    { additionalDirectories: ["/a", null] },
    "additionalDirectories[1]",
    "must be a string",
  ],
  [
    "turn",
    { cyberAccessProgram: true },
    "cyberAccessProgram",
    "must be a string",
  ],
  ["turn", { signal: "now" }, "signal", "must be an AbortSignal"],
  ["codex", { features: ["a"] }, "features", "must be an object whose values"],
  ["codex", { features: "a" }, "features", "must be an object whose values"],
  ["codex", { features: { a: "on" } }, "features.a", "must be true or false"],
  [
    "codex",
    { features: { "-a": true } },
    "features",
    "has a name that is not valid",
  ],
  [
    "codex",
    { features: { "": true } },
    "features",
    "has a name that is not valid",
  ],
  ["codex", { extraArgs: "--a" }, "extraArgs", "must be an array of strings"],
  ["codex", { extraArgs: ["--a", 1] }, "extraArgs[1]", "must be a string"],
  ["codex", { strictConfig: "yes" }, "strictConfig", "must be true or false"],
  ["thread", { ephemeral: 1 }, "ephemeral", "must be true or false"],
  ["turn", { model: 1 }, "model", "must be a string"],
  ["turn", { sandboxMode: "none" }, "sandboxMode", 'must be "read-only" or'],
  [
    "turn",
    { approvalPolicy: "untrusted" },
    "approvalPolicy",
    'must not be "untrusted"',
  ],
  [
    "turn",
    { networkAccessEnabled: "yes" },
    "networkAccessEnabled",
    "must be true or false",
  ],
  ["turn", { signal: {} }, "signal", "must be an AbortSignal"],
];

for (const [kind, options, path, why] of WRONG) {
  Deno.test(`check_options rejects ${path} of ${Deno.inspect(options)}`, () => {
    const [at, message] = refusal(kind, options);
    assertEquals(at, path);
    // Only the beginning: the limits of a number follow it.
    assertEquals(message.startsWith(`${path} ${why}`), true, message);
  });
}

Deno.test("check_options does not reveal values in its errors", () => {
  const [, message] = refusal("codex", { apiKey: "sk-secret\0" });
  assertEquals(message.includes("sk-secret"), false);
});

Deno.test("ownThreadOptions reads own keys and getters of a class once each, into an object without a prototype", () => {
  let reads = 0;
  class Options {
    model = "a";
    get sandboxMode(): "read-only" {
      reads += 1;
      return "read-only";
    }
  }
  const options = ownThreadOptions(new Options());
  assertObjectMatch({ ...options }, { model: "a", sandboxMode: "read-only" });
  assertEquals(Object.getPrototypeOf(options), null);
  assertEquals([options.sandboxMode, reads], ["read-only", 1]);
});

Deno.test("ownThreadOptions checks a getter's value, and copies lists", () => {
  const given = {
    get sandboxMode(): never {
      return 5 as never;
    },
  };
  assertThrows(() => ownThreadOptions(given), CodexInputError, "sandboxMode");
  const additionalDirectories = ["/a"];
  const options = ownThreadOptions({ additionalDirectories });
  additionalDirectories.push("/b");
  assertEquals(options.additionalDirectories, ["/a"]);
});

Deno.test("check_options rejects options on a prototype, and ignores those on Object.prototype", () => {
  const sandboxMode = "danger-full-access";
  const error = assertThrows(
    () => ownThreadOptions(Object.create({ sandboxMode })),
    CodexInputError,
    "must be an own property",
  );
  assertEquals(error.path, "sandboxMode");
  assertThrows(
    () => ownThreadOptions(Object.create(Object.create({ sandboxMode }))),
    CodexInputError,
  );
  try {
    Object.assign(Object.prototype, { sandboxMode, signal: "polluted" });
    assertEquals(ownThreadOptions({}).sandboxMode, undefined);
    assertEquals(
      ownThreadOptions(new (class Options {})()).sandboxMode,
      undefined,
    );
    assertEquals(ownTurnOptions<TurnOptions>({}).signal, undefined);
    // Nor does any copy of the options have them.
    assertEquals({ ...ownThreadOptions({}) }.sandboxMode, undefined);
    const { model: _, ...rest } = ownThreadOptions({ model: "a" });
    assertEquals(rest.sandboxMode, undefined);
  } finally {
    Reflect.deleteProperty(Object.prototype, "sandboxMode");
    Reflect.deleteProperty(Object.prototype, "signal");
  }
});

Deno.test("check_options shows only the name of a variable whose name contains its value", () => {
  const env = { "OPENAI_API_KEY=sk-0123456789": "x" };
  const [path, message] = refusal("codex", { env });
  assertEquals(path, 'env["OPENAI_API_KEY=…"]');
  assertEquals(message.includes("sk-"), false);
});

/** Wrong names of options, where they are passed, and the suggestion. */
const UNKNOWN: [kind: Kind, name: string, meant: string][] = [
  ["thread", "sandbox", "did you mean sandboxMode?"],
  ["thread", "cwd", "did you mean workingDirectory?"],
  ["thread", "workingDir", "did you mean workingDirectory?"],
  ["thread", "reasoningEffort", "did you mean modelReasoningEffort?"],
  ["thread", "aprovalPolicy", "did you mean approvalPolicy?"],
  ["thread", "timeoutMs", "pass it to run() or runStreamed()"],
  ["thread", "apiKey", "pass it to new Codex()"],
  [
    "thread",
    "timeout",
    "did you mean timeoutMs, which goes to run() or runStreamed()?",
  ],
  ["turn", "timeout", "did you mean timeoutMs?"],
  ["turn", "abortSignal", "did you mean signal?"],
  ["turn", "schema", "did you mean outputSchema?"],
  ["turn", "ephemeral", "pass it to startThread() or resumeThread()"],
  ["turn", "sandbox", "did you mean sandboxMode?"],
  ["codex", "ephemeral", "pass it to startThread() or resumeThread()"],
  ["codex", "extraArg", "did you mean extraArgs?"],
  ["thread", "hermetic", "pass it to new Codex()"],
  [
    "turn",
    "cwd",
    "did you mean workingDirectory, which goes to startThread() or resumeThread()?",
  ],
  ["codex", "codexPath", "did you mean codexPathOverride?"],
  ["codex", "baseURL", "did you mean baseUrl?"],
  ["codex", "signal", "pass it to run() or runStreamed()"],
];

for (const [kind, name, meant] of UNKNOWN) {
  Deno.test(`check_options suggests an option for ${name} of a ${kind}`, () => {
    const message = refusal(kind, { [name]: "x" })[1];
    assertEquals(message.slice(message.indexOf(": ") + 2), meant);
  });
}

Deno.test("check_options rejects unknown values of closed sets, and leaves open ones to the CLI", () => {
  const closed = ["sandboxMode", "approvalPolicy", "webSearchMode"];
  for (const name of closed) {
    const [path, message] = refusal("thread", { [name]: "on" });
    assertEquals(path, name);
    assertMatch(message, /^\w+ must be "[\w-]+" or "/);
  }
  CHECKS.thread({ model: "gpt-new", modelReasoningEffort: "utmost" });
});

Deno.test("check_options rejects the approval policy that the CLI no longer accepts, and says so", () => {
  assertEquals(refusal("thread", { approvalPolicy: "untrusted" }), [
    "approvalPolicy",
    'approvalPolicy must not be "untrusted": the CLI no longer accepts it; leave it out, since codex exec never asks, and set sandboxMode',
  ]);
});

Deno.test("check_options rejects a text option that is not a string, including closed sets", () => {
  const names: [Kind, string][] = [
    ["thread", "sandboxMode"],
    ["thread", "approvalPolicy"],
    ["thread", "webSearchMode"],
    ["thread", "model"],
    ["codex", "envMode"],
  ];
  for (const [kind, name] of names) {
    for (const value of [false, 0, NaN, true, [], {}]) {
      assertEquals(refusal(kind, { [name]: value }), [
        name,
        `${name} must be a string`,
      ]);
    }
    // In plain JavaScript an empty string counts as not set.
    CHECKS[kind]({ [name]: "" });
  }
});
