import { assert, assertEquals } from "@std/assert";
import type { CodexError } from "../../src/errors/codex_error.ts";
import { TurnAccumulator } from "../../src/turn/accumulate.ts";
import type { ThreadEvent } from "../../src/protocol/events.ts";
import {
  finishTurn,
  initialTurnState,
  type ProcessFacts,
  reduceTurn,
} from "../../streams.ts";
import {
  CodexTimeoutError,
  CodexTurnError,
} from "../../src/errors/turn_errors.ts";
import { agentMessage, itemCompleted, turnFailed } from "../../testing.ts";

/** Returns the error of a turn with these events whose CLI exited in this way. */
function makeError(
  events: readonly ThreadEvent[],
  facts: Partial<ProcessFacts>,
  lingered = false,
): CodexError {
  const outcome = finishTurn(events.reduce(reduceTurn, initialTurnState()), {
    type: "exited",
    process: { exitCode: 1, signal: null, stderr: "", argv: [], ...facts },
    lingered,
  });
  assert(!outcome.ok);
  return outcome.error;
}

const NOTICE: ThreadEvent = { type: "error", message: "the CLI's own words" };
const FAILED: ThreadEvent = turnFailed("why it failed");

Deno.test("finishTurn uses the message of turn.failed, regardless of stderr and exit code", () => {
  const facts = { exitCode: 1, stderr: "thread panicked" };
  assertEquals(makeError([NOTICE, FAILED], facts).message, "why it failed");
  assertEquals(
    makeError([FAILED], { exitCode: null, signal: "SIGKILL" }).message,
    "why it failed",
  );
});

Deno.test("finishTurn reports the exit code or signal of the CLI", () => {
  assertEquals(
    makeError([], { exitCode: 2 }).message,
    "codex exited with code 2",
  );
  assertEquals(
    makeError([], { exitCode: null, signal: "SIGKILL" }).message,
    "codex was ended by SIGKILL",
  );
  assertEquals(
    makeError([], { exitCode: null, signal: null }).message,
    "codex exited with code unknown",
  );
});

Deno.test("finishTurn reports a CLI that stopped without completing the turn", () => {
  assertEquals(
    makeError([], { exitCode: 0, stderr: "chatter" }).message,
    "codex exited without saying that the turn is complete",
  );
  assertEquals(
    makeError([NOTICE], { exitCode: 0, stderr: "chatter" }).message,
    "codex exited without saying that the turn is complete: the CLI's own words",
  );
  assertEquals(
    makeError([], { exitCode: null, signal: "SIGINT" }, true).message,
    "codex closed its output without saying that the turn is complete, and did not exit",
  );
});

Deno.test("finishTurn names the limit that a turn exceeded, and its length", () => {
  const messages = {
    turn: "Turn timed out: it took longer than 600 ms (timeoutMs)",
    idle: "Turn timed out: no event for 600 ms (idleTimeoutMs)",
  };
  for (const limit of ["turn", "idle"] as const) {
    const outcome = finishTurn(initialTurnState(), {
      type: "timed_out",
      limit,
      ms: 600,
      process: null,
    });
    assert(!outcome.ok && outcome.error instanceof CodexTimeoutError);
    assertEquals(outcome.error.message, messages[limit]);
    assertEquals(outcome.error.limitMs, 600);
    const late = finishTurn(reduceTurn(initialTurnState(), NOTICE), {
      type: "timed_out",
      limit,
      ms: 600,
      process: null,
    });
    assert(!late.ok);
    assertEquals(
      late.error.message,
      `${messages[limit]}; the last error was: the CLI's own words`,
    );
  }
});

Deno.test("finishTurn reports the last retry of a turn that timed out", () => {
  const retry: ThreadEvent = {
    type: "error",
    message:
      "Reconnecting... 1/5 (stream disconnected before completion: It broke)",
  };
  const item: ThreadEvent = itemCompleted(
    agentMessage("Hello", { id: "item_0" }),
  );
  const timedOut = (events: readonly ThreadEvent[]): CodexTimeoutError => {
    const outcome = finishTurn(events.reduce(reduceTurn, initialTurnState()), {
      type: "timed_out",
      limit: "idle",
      ms: 600,
      process: null,
    });
    assert(!outcome.ok && outcome.error instanceof CodexTimeoutError);
    return outcome.error;
  };
  const { reason, retryable } = timedOut([retry]);
  assertEquals([reason, retryable], ["disconnected", true]);
  // The turn continued after the retry, so the retry is not what it waited for.
  const late = timedOut([retry, item]);
  assertEquals([late.reason, late.retryable], ["other", false]);
  assertEquals(
    late.message,
    "Turn timed out: no event for 600 ms (idleTimeoutMs)",
  );
  assertEquals(timedOut([]).reason, "other");
});

Deno.test("finishTurn redacts secrets in codes and bodies", () => {
  const secret = "sk-very-secret-key";
  const escaped = secret.replaceAll("-", "\\u002d");
  const ending = {
    type: "exited",
    process: { exitCode: 1, signal: null, stderr: "", argv: [] },
    lingered: false,
  } as const;
  for (
    const message of [
      `{"error":{"message":"No","code":"${secret}"}}`,
      `{"error":{"message":"No","code":"${escaped}"}}`,
      `unexpected status 403 Forbidden: {"error":{"code":"${escaped}"}}, url: x`,
      `unexpected status 403 Forbidden: No, auth error code: ${secret}`,
    ]
  ) {
    const turn = new TurnAccumulator(
      initialTurnState(),
      (text) => text.replaceAll(secret, "[redacted]"),
    );
    turn.add({ type: "error", message: `Reconnecting... 1/5 (${message})` });
    const late = finishTurn(turn.state, {
      type: "timed_out",
      limit: "turn",
      ms: 1,
      process: null,
    });
    turn.add({ type: "turn.failed", error: { message } });
    for (const outcome of [finishTurn(turn.state, ending), late]) {
      assert(!outcome.ok && outcome.error instanceof CodexTurnError);
      const { serviceCode, httpBody, httpStatus } = outcome.error;
      assertEquals(serviceCode, null);
      assert([400, 403].includes(httpStatus ?? 0));
      assert(!`${httpBody}${outcome.error.message}`.includes(secret));
      assert(!(httpBody ?? "").includes(escaped));
    }
  }
});

Deno.test("finishTurn reports the last error event of a CLI that gave up, and does not treat JSON on stderr as a response", () => {
  const words = "unexpected status 401 Unauthorized: No, url: http://x";
  const notice: ThreadEvent = { type: "error", message: words };
  const advised = `${words}; run codex login, or give apiKey`;
  for (
    const [events, facts, message] of [
      [[notice], {}, `codex exited with code 1: ${advised}`],
      [
        [notice],
        { exitCode: 0 },
        `codex exited without saying that the turn is complete: ${advised}`,
      ],
      [
        [],
        { stderr: `Error: ${words}` },
        `codex exited with code 1: ${advised}`,
      ],
    ] as const
  ) {
    const error = makeError(events, facts);
    assert(error instanceof CodexTurnError);
    assertEquals(error.message, message);
    assertEquals([error.reason, error.httpStatus], ["unauthorized", 401]);
  }
  const json = '{"error":{"message":"No","code":"rate_limit_exceeded"}}';
  for (const stderr of [json, `unexpected status 403 Forbidden: ${json}`]) {
    const error = makeError([], { stderr });
    assert(error instanceof CodexTurnError);
    assertEquals(error.message, `codex exited with code 1: ${stderr}`);
    assertEquals([error.reason, error.httpBody], ["other", null]);
  }
});

Deno.test("finishTurn adds the end of stderr to the message, without the greeting and blank lines", () => {
  const greetings = [
    "Reading prompt from stdin...",
    "Reading additional input from stdin...",
    "  Reading prompt from stdin...\r",
  ];
  for (const greeting of greetings) {
    assertEquals(
      makeError([], {
        stderr: `${greeting}\n\nNot inside a trusted directory.\n`,
      })
        .message,
      "codex exited with code 1: Not inside a trusted directory.",
    );
    assertEquals(
      makeError([], { stderr: `${greeting}\n` }).message,
      "codex exited with code 1",
    );
  }
});

Deno.test("finishTurn keeps a line that only begins like the greeting", () => {
  const line = "Reading prompt from stdin... failed";
  assertEquals(
    makeError([], { stderr: line }).message,
    `codex exited with code 1: ${line}`,
  );
});

Deno.test("finishTurn prefers the CLI's last error event to stderr", () => {
  const events: ThreadEvent[] = [
    { type: "error", message: "earlier" },
    NOTICE,
  ];
  assertEquals(
    makeError(events, { stderr: "chatter" }).message,
    "codex exited with code 1: the CLI's own words",
  );
});

Deno.test("finishTurn adds the last 2,048 characters of a long stderr to the message", () => {
  const stderr = `${"x".repeat(5000)}the end`;
  assertEquals(
    makeError([], { stderr }).message,
    `codex exited with code 1: …${stderr.slice(-2048)}`,
  );
  const short = "y".repeat(2048);
  assertEquals(
    makeError([], { stderr: short }).message,
    `codex exited with code 1: ${short}`,
  );
});

Deno.test("finishTurn truncates long messages of the CLI", () => {
  const long = "z".repeat(1_000_000);
  const failed: ThreadEvent = turnFailed(long);
  assertEquals(
    makeError([failed], {}).message,
    `${"z".repeat(8192)}… (991808 more characters)`,
  );
  const notice: ThreadEvent = { type: "error", message: long };
  assert(makeError([notice], {}).message.length < 8300);
});

Deno.test("finishTurn reports an error event, but not an error item, as the reason of an exit", () => {
  const item: ThreadEvent = {
    type: "item.completed",
    item: { id: "item_0", type: "error", message: "unknown model" },
  };
  assertEquals(
    makeError([item], { exitCode: 3, stderr: "no such folder" }).message,
    "codex exited with code 3: no such folder",
  );
  assertEquals(
    makeError([NOTICE, item], { exitCode: 3, stderr: "chatter" }).message,
    "codex exited with code 3: the CLI's own words",
  );
});
