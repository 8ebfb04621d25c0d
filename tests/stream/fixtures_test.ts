import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import type { Usage } from "../../src/protocol/events.ts";
import {
  finishTurn,
  initialTurnState,
  reduceTurn,
  type TurnOutcome,
} from "../../streams.ts";
import {
  CodexExecError,
  CodexThreadRunError,
} from "../../src/errors/turn_errors.ts";
import { fixtureEvents, fixtureNames, readFixtureStderr } from "./support.ts";

interface Success {
  readonly items: readonly string[];
  readonly response: string;
  /** `input_tokens` and `output_tokens` of the thread's total. */
  readonly tokens: readonly [number, number];
}

interface Failure {
  /** The start of the message. */
  readonly message: string;
  readonly warnings: number;
  /** The text that this package adds to the message. */
  readonly advice?: string;
}

const HIGH_DEMAND =
  "We’re currently experiencing high demand, which may cause temporary errors.";

/** The outcome of each recorded turn. */
const OUTCOMES: { readonly [name: string]: Success | Failure } = {
  think: {
    items: ["reasoning", "agent_message"],
    response: "Hello there",
    tokens: [42, 5],
  },
  cmd: {
    items: ["command_execution", "agent_message"],
    response: "tool said",
    tokens: [84, 10],
  },
  failcmd: {
    items: ["command_execution", "agent_message"],
    response: "tool said",
    tokens: [84, 10],
  },
  patch: {
    items: ["file_change", "agent_message"],
    response: "tool said",
    tokens: [84, 10],
  },
  mcp: {
    items: ["mcp_tool_call", "agent_message"],
    response: "tool said",
    tokens: [84, 10],
  },
  web: {
    items: ["web_search", "agent_message"],
    response: "searched",
    tokens: [42, 5],
  },
  "plan-enabled": {
    items: ["agent_message", "todo_list"],
    response: "done",
    tokens: [126, 15],
  },
  "approval-on-request": {
    items: ["agent_message"],
    response: "tool said",
    tokens: [84, 10],
  },
  "fork-ok": {
    items: ["agent_message"],
    response: "ok 41 len 13",
    tokens: [126, 15],
  },
  "concurrent-resume-b": {
    items: ["agent_message"],
    response: "ok 56 len 5",
    tokens: [126, 15],
  },
  "400": { message: "Invalid schema for response_format", warnings: 1 },
  "401": {
    message: "unexpected status 401 Unauthorized",
    advice: "; run codex login, or give apiKey",
    warnings: 1,
  },
  "429": { message: "exceeded retry limit, last status: 429", warnings: 1 },
  "500": { message: HIGH_DEMAND, warnings: 1 },
  "http-500-default-retries": { message: HIGH_DEMAND, warnings: 6 },
};

async function readOutcome(name: string): Promise<TurnOutcome> {
  const { events } = await fixtureEvents(name);
  const expected = OUTCOMES[name];
  assert(expected !== undefined, `${name} is missing in the table`);
  return finishTurn(events.reduce(reduceTurn, initialTurnState()), {
    type: "exited",
    process: {
      exitCode: "message" in expected ? 1 : 0,
      signal: null,
      stderr: readFixtureStderr(name),
      argv: [],
    },
    lingered: false,
  });
}

for (const name of fixtureNames()) {
  Deno.test(`the recorded stream ${name} leads to its turn's outcome`, async () => {
    const outcome = await readOutcome(name);
    const expected = OUTCOMES[name];
    assert(expected !== undefined);
    if ("message" in expected) {
      assert(!outcome.ok);
      assertEquals(outcome.error.constructor, CodexThreadRunError);
      assert(outcome.error instanceof CodexThreadRunError);
      assertEquals(outcome.error.code, "turn_failed");
      const { message, httpBody, warnings, exitCode } = outcome.error;
      assertEquals(
        message.slice(0, expected.message.length),
        expected.message,
      );
      assertEquals([warnings.length, exitCode], [expected.warnings, 1]);
      const { advice = "" } = expected;
      assertEquals((warnings.at(-1) ?? "") + advice, httpBody ?? message);
      return;
    }
    assert(outcome.ok);
    const { items, finalResponse, usage, turnUsage, warnings, threadId } =
      outcome.result;
    assertEquals(items.map((item) => item.type), expected.items);
    assertEquals(
      finalResponse.slice(0, expected.response.length),
      expected.response,
    );
    const { input_tokens, output_tokens } = usage as Usage;
    assertEquals([input_tokens, output_tokens], expected.tokens);
    assertEquals([turnUsage, warnings], [usage, []]);
    assertEquals(threadId?.length, 36);
  });
}

Deno.test("the table of recorded streams is complete", () => {
  assertEquals(Object.keys(OUTCOMES).sort(), fixtureNames());
});

// Facts F8: each begins with the greeting.
const STDERR_ALONE: { readonly [name: string]: string } = {
  "bad-config-enum": "Error loading config.toml: unknown variant `bogus`",
  "bad-cwd": "No such file or directory (os error 2)",
  "concurrent-resume-a": "already has an active writer (code -32600)",
  "empty-prompt": "No prompt provided via stdin.",
  "fork-unknown": "no rollout found for thread id",
};

for (const [name, words] of Object.entries(STDERR_ALONE)) {
  Deno.test(`the recorded stderr ${name} without stdout is the reason in the message, without the greeting`, () => {
    const stderr = readFixtureStderr(name);
    const outcome = finishTurn(initialTurnState(), {
      type: "exited",
      process: { exitCode: 1, signal: null, stderr, argv: [] },
      lingered: false,
    });
    assert(!outcome.ok);
    assertInstanceOf(outcome.error, CodexExecError);
    const { message } = outcome.error;
    assertEquals(outcome.error.stderr, stderr);
    assert(message.startsWith("codex exited with code 1: "), message);
    assert(message.includes(words), message);
    assert(!message.includes("Reading prompt from stdin"), message);
  });
}
