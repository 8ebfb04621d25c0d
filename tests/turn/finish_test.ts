import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
} from "@std/assert";
import { CodexError } from "../../src/errors/codex_error.ts";
import type { ThreadEvent, Usage } from "../../src/protocol/events.ts";
import {
  finishTurn,
  initialTurnState,
  type ProcessFacts,
  reduceTurn,
  type TurnEnding,
  type TurnState,
} from "../../streams.ts";
import {
  CodexCancelledError,
  CodexExecError,
  CodexIdleTimeoutError,
  CodexIncompleteTurnError,
  CodexInterruptedError,
  CodexThreadNotFoundError,
  CodexThreadRunError,
  CodexTimeoutError,
  CodexTurnError,
} from "../../src/errors/turn_errors.ts";
import {
  CodexLineTooLongError,
  CodexProtocolError,
} from "../../src/errors/protocol_errors.ts";
import {
  agentMessage,
  itemCompleted,
  threadStarted,
  turnCompleted,
  turnFailed,
  usage,
} from "../../testing.ts";

const USAGE: Usage = usage({
  cached_input_tokens: 4,
  cache_write_input_tokens: 3,
  reasoning_output_tokens: 1,
});
const BEGUN: ThreadEvent[] = [
  threadStarted("a"),
  itemCompleted(agentMessage("half", { id: "item_0" })),
];
const COMPLETED: ThreadEvent = turnCompleted(USAGE);
const FAILED: ThreadEvent = turnFailed("no");

function makeState(...events: ThreadEvent[]): TurnState {
  return [...BEGUN, ...events].reduce(reduceTurn, initialTurnState());
}

function makeProcess(facts: Partial<ProcessFacts> = {}): ProcessFacts {
  return { exitCode: 0, signal: null, stderr: "", argv: ["exec"], ...facts };
}

function exited(facts: Partial<ProcessFacts>, lingered = false): TurnEnding {
  return { type: "exited", process: makeProcess(facts), lingered };
}

const STATES = {
  running: makeState(),
  completed: makeState(COMPLETED),
  failed: makeState(FAILED),
  "completed, malformed": makeState({
    type: "unknown",
    event_type: "turn.completed",
    raw: { type: "turn.completed" },
  }),
  "failed, malformed": makeState({
    type: "unknown",
    event_type: "turn.failed",
    raw: { type: "turn.failed" },
  }),
  "completed, then failed": makeState(COMPLETED, FAILED),
  "failed, then completed": makeState(FAILED, COMPLETED),
};

const NOT_STARTED = new CodexError("Cannot prepare the turn", {
  code: "internal",
});
const STUCK = new CodexError("Cannot go on", { code: "permission_denied" });
const REASON = new Error("enough");
const ENDINGS: { readonly [name: string]: TurnEnding } = {
  "exit 0": exited({}),
  "exit 1": exited({ exitCode: 1 }),
  "a signal": exited({ exitCode: null, signal: "SIGKILL" }),
  lingered: exited({ exitCode: null, signal: "SIGINT" }, true),
  aborted: { type: "aborted", reason: REASON, process: makeProcess() },
  "aborted before the start": {
    type: "aborted",
    reason: REASON,
    process: null,
  },
  abandoned: { type: "abandoned", process: makeProcess() },
  "a connection that ends": {
    type: "exited",
    process: null,
    lingered: false,
  },
  "the turn's limit": {
    type: "timed_out",
    limit: "turn",
    ms: 10,
    process: makeProcess(),
  },
  "the idle limit": { type: "timed_out", limit: "idle", ms: 10, process: null },
  "a broken line": {
    type: "protocol_error",
    problem: { code: "invalid_json", lineNumber: 3, message: "broken" },
    process: makeProcess(),
  },
  "a long line": {
    type: "protocol_error",
    problem: { code: "line_too_long", lineNumber: 3, message: "long" },
    process: makeProcess(),
  },
  "a client failure": {
    type: "failed",
    error: STUCK,
    process: makeProcess(),
  },
  interrupted: { type: "interrupted", process: null },
  "not started": { type: "not_started", error: NOT_STARTED },
};

type StateName = keyof typeof STATES;

/**
 * The outcome of each ending, for a turn that is undecided and for one that has failed.
 */
const OUTCOMES: {
  readonly [ending: string]: {
    readonly running: string;
    readonly failed: string;
  };
} = {
  "exit 0": { running: "turn_incomplete", failed: "turn_failed" },
  "exit 1": { running: "exited", failed: "turn_failed" },
  "a signal": { running: "exited", failed: "turn_failed" },
  lingered: { running: "turn_incomplete", failed: "turn_failed" },
  aborted: { running: "ABORT_ERR", failed: "ABORT_ERR" },
  "aborted before the start": { running: "ABORT_ERR", failed: "ABORT_ERR" },
  abandoned: { running: "ABORT_ERR", failed: "ABORT_ERR" },
  "a connection that ends": {
    running: "turn_incomplete",
    failed: "turn_failed",
  },
  "the turn's limit": { running: "turn_timeout", failed: "turn_timeout" },
  "the idle limit": { running: "idle_timeout", failed: "idle_timeout" },
  "a broken line": { running: "invalid_json", failed: "turn_failed" },
  "a long line": { running: "line_too_long", failed: "turn_failed" },
  "a client failure": {
    running: "permission_denied",
    failed: "turn_failed",
  },
  interrupted: { running: "turn_interrupted", failed: "turn_interrupted" },
  "not started": { running: "internal", failed: "internal" },
};

const CLASSES: { readonly [code: string]: new (...args: never[]) => Error } = {
  turn_incomplete: CodexIncompleteTurnError,
  turn_failed: CodexThreadRunError,
  exited: CodexExecError,
  ABORT_ERR: CodexCancelledError,
  turn_timeout: CodexTimeoutError,
  idle_timeout: CodexIdleTimeoutError,
  invalid_json: CodexProtocolError,
  line_too_long: CodexLineTooLongError,
  permission_denied: CodexTurnError,
  turn_interrupted: CodexInterruptedError,
  internal: CodexError,
};

for (const [endingName, ending] of Object.entries(ENDINGS)) {
  for (const stateName of Object.keys(STATES) as StateName[]) {
    const state = STATES[stateName];
    const expected = state.status === "completed"
      ? "ok"
      : OUTCOMES[endingName]?.[state.status] ?? "missing in the table";

    Deno.test(`finishTurn: ${stateName} and ${endingName} is ${expected}`, () => {
      const outcome = finishTurn(state, ending);
      if (outcome.ok) {
        assertEquals("ok", expected);
        assertEquals(outcome.result.threadId, "a");
        assertEquals(outcome.result.finalResponse, "half");
        assertEquals(outcome.result.items, state.items);
        return;
      }
      const { error } = outcome;
      assertEquals(error.code as string, expected);
      assertEquals(error.constructor, CLASSES[expected]);
      if (expected === "internal") {
        return assertStrictEquals(error, NOT_STARTED);
      }
      assertInstanceOf(error, CodexTurnError);
      assertEquals([error.threadId, error.items], ["a", state.items]);
      assertEquals(error.usage, state.usage);
    });
  }
}

Deno.test("finishTurn's tables cover every ending and every state", () => {
  const types: { readonly [K in TurnEnding["type"]]: true } = {
    exited: true,
    aborted: true,
    abandoned: true,
    interrupted: true,
    timed_out: true,
    protocol_error: true,
    failed: true,
    not_started: true,
  };
  assertEquals(
    new Set(Object.values(ENDINGS).map((ending) => ending.type as string)),
    new Set(Object.keys(types)),
  );
  assertEquals(Object.keys(OUTCOMES), Object.keys(ENDINGS));
  assertEquals(STATES["completed, malformed"].status, "completed");
  assertEquals(STATES["failed, malformed"].status, "failed");
});

Deno.test("finishTurn adds the facts of the process to every error", () => {
  const facts = {
    exitCode: 1,
    signal: null,
    stderr: "last words",
    argv: ["exec", "--model", "…"],
  };
  const endings: TurnEnding[] = [
    exited(facts),
    { type: "aborted", reason: REASON, process: facts },
    {
      type: "protocol_error",
      problem: { code: "invalid_json", lineNumber: 3, message: "broken" },
      process: facts,
    },
    { type: "failed", error: STUCK, process: facts },
  ];
  for (const ending of endings) {
    const outcome = finishTurn(STATES.running, ending);
    assert(!outcome.ok && outcome.error instanceof CodexTurnError);
    const { exitCode, signal, stderr, argv } = outcome.error;
    assertEquals({ exitCode, signal, stderr, argv }, facts);
  }
});

Deno.test("finishTurn keeps the abort reason and a line's parse error as cause", () => {
  const aborted = finishTurn(STATES.running, ENDINGS.aborted ?? exited({}));
  assert(!aborted.ok);
  assertStrictEquals(aborted.error.cause, REASON);
  const cause = new SyntaxError("bad");
  const broken = finishTurn(STATES.running, {
    type: "protocol_error",
    problem: { code: "invalid_json", lineNumber: 3, message: "broken", cause },
    process: makeProcess(),
  });
  assert(!broken.ok && broken.error instanceof CodexProtocolError);
  assertEquals([broken.error.lineNumber, broken.error.message], [3, "broken"]);
  assertStrictEquals(broken.error.cause, cause);
});

Deno.test("finishTurn reports an unknown thread only if the turn was to continue one", () => {
  const ending = exited({
    exitCode: 1,
    stderr:
      "Error: thread/resume: no rollout found for thread id abc (code -32600)",
  });
  const error = (threadId: string | null): CodexError | undefined => {
    const outcome = finishTurn(initialTurnState(), ending, { threadId });
    return outcome.ok ? undefined : outcome.error;
  };
  const missing = error("abc");
  assertInstanceOf(missing, CodexThreadNotFoundError);
  assertEquals(missing.requestedThreadId, "abc");
  assertEquals([missing.exitCode, missing.openedThreadId], [1, null]);
  assertEquals(error(null)?.code, "exited");
  // The turn's own failure comes first.
  const failed = finishTurn(STATES.failed, ending, { threadId: "abc" });
  assertEquals(failed.ok ? "" : failed.error.code, "turn_failed");
});

Deno.test("finishTurn reports a schema rejected by the service only if one was sent", () => {
  const message =
    '{"error":{"message":"no $ref","code":"invalid_json_schema"}}';
  const state = makeState({ type: "turn.failed", error: { message } });
  const outputSchema = { type: "object" };
  const codes = [{ outputSchema }, {}].map((request) => {
    const outcome = finishTurn(state, exited({ exitCode: 1 }), request);
    return outcome.ok ? "" : outcome.error.code;
  });
  assertEquals(codes, ["invalid_output_schema", "turn_failed"]);
});

Deno.test("finishTurn keeps the class of a client error, and adds the facts of the turn", () => {
  const error = new CodexThreadNotFoundError("Another thread", {
    requestedThreadId: "one",
    openedThreadId: "two",
  });
  const process = makeProcess({ exitCode: 7 });
  const outcome = finishTurn(STATES.running, {
    type: "failed",
    error,
    process,
  });
  assert(!outcome.ok && outcome.error instanceof CodexThreadNotFoundError);
  assertEquals(outcome.error.message, "Another thread");
  assertEquals(outcome.error.openedThreadId, "two");
  assertEquals(outcome.error.items, STATES.running.items);
  assertEquals(outcome.error.exitCode, 7);
});
