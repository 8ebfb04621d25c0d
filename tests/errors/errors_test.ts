import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
} from "@std/assert";
import * as server from "../../app_server.ts";
import * as sdk from "../../mod.ts";
import type { TurnFacts } from "../../mod.ts";
import * as threads from "../../threads.ts";

const HUGE = "h".repeat(1_000_000);

const FACTS: TurnFacts = {
  threadId: "thread-a",
  items: [{ id: "item_0", type: "agent_message", text: HUGE }],
  usage: {
    input_tokens: 10,
    cached_input_tokens: 4,
    cache_write_input_tokens: 3,
    output_tokens: 5,
    reasoning_output_tokens: 1,
  },
  warnings: [HUGE],
  diagnostics: [{ kind: "noise", lineNumber: 1, path: "", message: HUGE }],
  exitCode: 1,
  signal: null,
  stderr: HUGE,
  argv: ["exec", HUGE],
};

const CAUSE = new Error("behind it");
const OF_LINE = { lineNumber: 3, facts: FACTS, cause: CAUSE };

interface Row {
  readonly error: sdk.CodexError;
  readonly name: string;
  readonly code: sdk.CodexErrorCode;
  /** The classes above it, nearest first; CodexError and Error apply to all. */
  readonly parents?: readonly (abstract new (...args: never[]) => Error)[];
  /** `cause`, if the constructor accepts none. */
  readonly cause?: undefined;
}

const RUN = [sdk.CodexThreadRunError, sdk.CodexTurnError];

const ROWS: readonly Row[] = [
  {
    error: new sdk.CodexError("text", { code: "internal", cause: CAUSE }),
    name: "CodexError",
    code: "internal",
  },
  {
    error: new sdk.CodexInputError("text", { path: "input[2]", cause: CAUSE }),
    name: "CodexInputError",
    code: "invalid_input",
  },
  {
    error: new sdk.CodexUnsupportedOptionError("text", {
      path: "profile",
      cause: CAUSE,
    }),
    name: "CodexUnsupportedOptionError",
    code: "unsupported_option",
    parents: [sdk.CodexInputError],
  },
  {
    error: new sdk.CodexConfigError("text", { path: "a.b" }),
    name: "CodexConfigError",
    code: "invalid_config",
    cause: undefined,
  },
  {
    error: new sdk.CodexOutputSchemaError("text", { path: "/a", cause: CAUSE }),
    name: "CodexOutputSchemaError",
    code: "invalid_output_schema",
  },
  {
    error: new sdk.CodexPermissionError("text", {
      flag: "--allow-run",
      cause: CAUSE,
    }),
    name: "CodexPermissionError",
    code: "permission_denied",
  },
  {
    error: new sdk.CodexEnvironmentError("text", {
      path: "/tmp",
      systemCode: "EROFS",
      cause: CAUSE,
    }),
    name: "CodexEnvironmentError",
    code: "host_unavailable",
  },
  {
    error: new sdk.CodexInternalError("text", { cause: CAUSE }),
    name: "CodexInternalError",
    code: "internal",
  },
  {
    error: new sdk.CodexTurnError("text", {
      code: "exited",
      facts: FACTS,
      cause: CAUSE,
    }),
    name: "CodexTurnError",
    code: "exited",
  },
  {
    error: new sdk.CodexCancelledError(undefined, {
      cause: CAUSE,
      facts: FACTS,
    }),
    name: "AbortError",
    code: "ABORT_ERR",
    parents: [sdk.CodexTurnError],
  },
  {
    error: new sdk.CodexInterruptedError(undefined, {
      facts: FACTS,
      cause: CAUSE,
    }),
    name: "CodexInterruptedError",
    code: "turn_interrupted",
    parents: [sdk.CodexTurnError],
  },
  {
    error: new server.CodexConnectionError("text", {
      code: "connection_lost",
      facts: FACTS,
      cause: CAUSE,
    }),
    name: "CodexConnectionError",
    code: "connection_lost",
    parents: [sdk.CodexTurnError],
  },
  {
    error: new server.CodexRequestError("text", {
      code: "request_refused",
      method: "thread/start",
      cause: CAUSE,
    }),
    name: "CodexRequestError",
    code: "request_refused",
  },
  {
    error: new sdk.CodexTimeoutError("text", { limitMs: 10, facts: FACTS }),
    name: "CodexTimeoutError",
    code: "turn_timeout",
    parents: [sdk.CodexTurnError],
    cause: undefined,
  },
  {
    error: new sdk.CodexIdleTimeoutError("text", { limitMs: 10, facts: FACTS }),
    name: "CodexIdleTimeoutError",
    code: "idle_timeout",
    parents: [sdk.CodexTimeoutError, sdk.CodexTurnError],
    cause: undefined,
  },
  {
    error: new sdk.CodexExecError("text", {
      code: "spawn_failed",
      facts: FACTS,
      cause: CAUSE,
    }),
    name: "CodexExecError",
    code: "spawn_failed",
    parents: [sdk.CodexTurnError],
  },
  {
    error: new sdk.CodexExecutableNotFoundError("text", {
      searched: ["/usr/bin"],
      cause: CAUSE,
    }),
    name: "CodexExecutableNotFoundError",
    code: "executable_not_found",
    parents: [sdk.CodexExecError, sdk.CodexTurnError],
  },
  {
    error: new sdk.CodexThreadRunError("text", { facts: FACTS, cause: CAUSE }),
    name: "CodexThreadRunError",
    code: "turn_failed",
    parents: [sdk.CodexTurnError],
  },
  {
    error: new sdk.CodexIncompleteTurnError("text", { facts: FACTS }),
    name: "CodexIncompleteTurnError",
    code: "turn_incomplete",
    parents: RUN,
    cause: undefined,
  },
  {
    error: new sdk.CodexThreadNotFoundError("text", {
      requestedThreadId: "a",
      openedThreadId: "b",
      facts: FACTS,
    }),
    name: "CodexThreadNotFoundError",
    code: "thread_not_found",
    parents: RUN,
    cause: undefined,
  },
  {
    error: new sdk.CodexThreadBusyError("text", {
      requestedThreadId: "a",
      facts: FACTS,
    }),
    name: "CodexThreadBusyError",
    code: "thread_busy",
    parents: RUN,
    cause: undefined,
  },
  {
    error: new sdk.CodexThreadNotResumableError("text", {
      requestedThreadId: "a",
      facts: FACTS,
    }),
    name: "CodexThreadNotResumableError",
    code: "thread_not_resumable",
    parents: RUN,
    cause: undefined,
  },
  {
    error: new threads.CodexThreadBundleError("text", { cause: CAUSE }),
    name: "CodexThreadBundleError",
    code: "invalid_bundle",
  },
  {
    error: new threads.CodexThreadExistsError("text", {
      threadId: "one",
      cause: CAUSE,
    }),
    name: "CodexThreadExistsError",
    code: "thread_exists",
  },
  {
    error: new threads.CodexThreadDivergedError("text", { threadId: "one" }),
    name: "CodexThreadDivergedError",
    code: "thread_diverged",
    parents: [threads.CodexThreadExistsError],
    cause: undefined,
  },
  {
    error: new threads.CodexThreadConflictError("text", {
      threadId: "one",
      expectedVersion: "1",
      cause: CAUSE,
    }),
    name: "CodexThreadConflictError",
    code: "thread_conflict",
  },
  {
    error: new sdk.CodexThreadStreamNotConsumedError(),
    name: "CodexThreadStreamNotConsumedError",
    code: "stream_not_consumed",
    parents: RUN,
    cause: undefined,
  },
  {
    error: new sdk.CodexStructuredResponseError("text", {
      responseText: HUGE,
      issues: [],
      facts: FACTS,
      cause: CAUSE,
    }),
    name: "CodexStructuredResponseError",
    code: "invalid_structured_response",
    parents: RUN,
  },
  {
    error: new sdk.CodexProtocolError("text", {
      code: "invalid_json",
      ...OF_LINE,
    }),
    name: "CodexProtocolError",
    code: "invalid_json",
    parents: RUN,
  },
  {
    error: new sdk.CodexLineTooLongError("text", OF_LINE),
    name: "CodexLineTooLongError",
    code: "line_too_long",
    parents: [sdk.CodexProtocolError, ...RUN],
  },
];

for (const row of ROWS) {
  const { error, name, code, parents = [] } = row;
  const className = error.constructor.name;

  Deno.test(`${className} has its name, its code, its classes and its cause`, () => {
    assertEquals([error.name, error.code], [name, code]);
    for (const parent of [...parents, sdk.CodexError, Error]) {
      assertInstanceOf(error, parent);
    }
    assertEquals(
      Object.getPrototypeOf(error.constructor),
      className === "CodexError" ? Error : parents[0] ?? sdk.CodexError,
    );
    const cause = "cause" in row ? undefined : CAUSE;
    assertStrictEquals(error.cause, cause);
    assertEquals(Object.hasOwn(error, "cause"), cause !== undefined);
  });

  Deno.test(`${className} prints its name and message, and no long values`, () => {
    const printed = Deno.inspect(error);
    const heading = name === className ? name : `${className} [${name}]`;
    assert(printed.startsWith(`${heading}: ${error.message}\n`), printed);
    assert(printed.length < 4096, `${printed.length} characters`);
    assert(!printed.includes("hhh"));
    assertEquals(Object.keys(error).includes("name"), false);
  });
}

Deno.test("all errors of this package are in the table and exported", () => {
  const exported = Object.entries({ ...server, ...sdk, ...threads })
    .filter(([name]) => name.endsWith("Error"))
    .map(([name]) => name).sort();
  assertEquals(
    ROWS.map((row) => row.error.constructor.name).sort(),
    exported,
  );
});

Deno.test("CodexTurnError carries the facts of the turn", () => {
  for (const { error } of ROWS) {
    if (!(error instanceof sdk.CodexTurnError)) continue;
    if (error instanceof sdk.CodexExecutableNotFoundError) continue;
    if (error instanceof sdk.CodexThreadStreamNotConsumedError) continue;
    const keys = Object.keys(FACTS) as (keyof TurnFacts)[];
    for (const key of keys) assertStrictEquals(error[key], FACTS[key]);
  }
});

Deno.test("CodexTurnError has the given cause, and does not print a body", () => {
  const cause = {
    reason: "rate_limit",
    httpStatus: 429,
    serviceCode: "slow_down",
    httpBody: HUGE,
  } as const;
  const errors = [
    new sdk.CodexThreadRunError("text", cause),
    new sdk.CodexExecError("text", { ...cause, code: "exited" }),
    new sdk.CodexIdleTimeoutError("text", { ...cause, limitMs: 1 }),
    new sdk.CodexIncompleteTurnError("text", cause),
  ];
  for (const error of errors) {
    const { reason, httpStatus, serviceCode, httpBody } = error;
    assertEquals({ reason, httpStatus, serviceCode, httpBody }, cause);
    assertEquals(error.retryable, true);
    const printed = Deno.inspect(error);
    assert(printed.includes("rate_limit") && printed.includes("slow_down"));
    assert(!printed.includes("hhh"));
  }
});

Deno.test("CodexTurnError is retryable exactly for causes that may pass within minutes", () => {
  const isRetryable: Record<sdk.FailureReason, boolean> = {
    usage_limit: false,
    rate_limit: true,
    unauthorized: false,
    forbidden: false,
    model_not_found: false,
    bad_request: false,
    invalid_schema: false,
    context_window: false,
    overloaded: true,
    server_error: true,
    unreachable: true,
    disconnected: true,
    cyber_policy: false,
    sandbox: false,
    other: false,
  };
  for (const [reason, expected] of Object.entries(isRetryable)) {
    const error = new sdk.CodexThreadRunError("text", {
      reason: reason as sdk.FailureReason,
    });
    assertEquals(error.retryable, expected, reason);
  }
  for (const { error } of ROWS) {
    if (!(error instanceof sdk.CodexTurnError)) continue;
    const { reason, retryable, httpStatus, serviceCode, httpBody } = error;
    assertEquals(
      { reason, retryable, httpStatus, serviceCode, httpBody },
      {
        reason: "other",
        retryable: false,
        httpStatus: null,
        serviceCode: null,
        httpBody: null,
      },
    );
  }
});

Deno.test("CodexTurnError without facts has the facts of a turn that never began", () => {
  const error = new sdk.CodexThreadRunError("text");
  const { threadId, items, usage, warnings, diagnostics, stderr, argv } = error;
  assertEquals(
    { threadId, items, usage, warnings, diagnostics, stderr, argv },
    {
      threadId: null,
      items: [],
      usage: null,
      warnings: [],
      diagnostics: [],
      stderr: "",
      argv: [],
    },
  );
  assertEquals([error.exitCode, error.signal], [null, null]);
});

Deno.test("CodexCancelledError is recognized by checks for the platform's abort errors", () => {
  const reason = new DOMException("enough", "AbortError");
  const error: unknown = new sdk.CodexCancelledError(undefined, {
    cause: reason,
  });
  assert(error instanceof Error && error.name === "AbortError");
  assertEquals(error.message, "Turn cancelled");
  assertStrictEquals(error.cause, reason);
});

Deno.test("CodexError truncates its message at 8,192 characters, and says how many are missing", () => {
  const fits = "x".repeat(8192);
  assertEquals(new sdk.CodexError(fits, { code: "internal" }).message, fits);
  assertEquals(
    new sdk.CodexError(`${fits}yz`, { code: "internal" }).message,
    `${fits}… (2 more characters)`,
  );
});

Deno.test("An error's name can be set, and a subclass can define its own", () => {
  class Mine extends sdk.CodexError {
    constructor(message: string) {
      super(message, { code: "internal" });
      this.name = "Mine";
    }
  }
  assertEquals(String(new Mine("boom")), "Mine: boom");
  const error = new sdk.CodexInputError("no", { path: "a" });
  error.name = "Other";
  assertEquals(Object.assign(error, { name: "Third" }).name, "Third");
  assertEquals(
    new sdk.CodexInputError("no", { path: "a" }).name,
    "CodexInputError",
  );
});

Deno.test("CodexProtocolError keeps the message of its problem unchanged", () => {
  const message = `odd\x01 ${"x".repeat(9000)}`;
  const error = new sdk.CodexProtocolError(message, {
    code: "invalid_json",
    lineNumber: 3,
  });
  assertEquals(error.problem, { code: "invalid_json", lineNumber: 3, message });
  assertStrictEquals(error.problem, error.problem);
});
