import { assert, assertEquals } from "@std/assert";
import type { ThreadEvent, Usage } from "../../src/protocol/events.ts";
import {
  finishTurn,
  initialTurnState,
  NO_USAGE,
  noteDiagnostic,
  reduceTurn,
  type TurnEnding,
  type TurnResult,
} from "../../streams.ts";

function readUsage(
  [input, cached, written, output, reasoning]: readonly number[],
): Usage {
  return {
    input_tokens: input ?? 0,
    cached_input_tokens: cached ?? 0,
    cache_write_input_tokens: written ?? 0,
    output_tokens: output ?? 0,
    reasoning_output_tokens: reasoning ?? 0,
  };
}

const TOTAL = readUsage([30, 12, 9, 15, 3]);
const WARNING: ThreadEvent = { type: "error", message: "on the way" };
const EXIT_0: TurnEnding = {
  type: "exited",
  process: { exitCode: 0, signal: null, stderr: "", argv: [] },
  lingered: false,
};

function readResult(
  usageBefore: Usage | null | undefined,
  ending: TurnEnding = EXIT_0,
): TurnResult {
  const events: ThreadEvent[] = [
    WARNING,
    { type: "turn.completed", usage: TOTAL },
  ];
  const state = events.reduce(reduceTurn, initialTurnState({ usageBefore }));
  const outcome = finishTurn(state, ending);
  assert(outcome.ok);
  return outcome.result;
}

Deno.test("finishTurn reports the thread's total usage and this turn's share of it", () => {
  const { usage, turnUsage } = readResult(readUsage([20, 8, 6, 10, 2]));
  assertEquals(usage, TOTAL);
  assertEquals(turnUsage, readUsage([10, 4, 3, 5, 1]));
});

Deno.test("finishTurn reports the whole total as the share of a new thread's first turn", () => {
  assertEquals(readResult(undefined).turnUsage, TOTAL);
  assertEquals(readResult(NO_USAGE).turnUsage, TOTAL);
});

Deno.test("finishTurn reports a share of zeros if the total has not changed", () => {
  assertEquals(readResult(TOTAL).turnUsage, NO_USAGE);
});

Deno.test("finishTurn reports no share if the previous total is unknown or higher in any field", () => {
  assertEquals(readResult(null).turnUsage, null);
  for (const key of Object.keys(TOTAL) as (keyof Usage)[]) {
    const before = { ...NO_USAGE, [key]: TOTAL[key] + 1 };
    assertEquals(readResult(before).turnUsage, null, key);
    assertEquals(readResult(before).usage, TOTAL);
  }
});

Deno.test("finishTurn reports neither total nor share if turn.completed is malformed", () => {
  const state = reduceTurn(initialTurnState(), {
    type: "unknown",
    event_type: "turn.completed",
    raw: { type: "turn.completed", usage: null },
  });
  const outcome = finishTurn(state, EXIT_0);
  assert(outcome.ok);
  assertEquals([outcome.result.usage, outcome.result.turnUsage], [null, null]);
});

Deno.test("finishTurn adds warnings about what went wrong after the turn was complete", () => {
  const process = { exitCode: 1, signal: null, stderr: "", argv: [] };
  const cases: [TurnEnding, string[]][] = [
    [EXIT_0, []],
    [
      { type: "exited", process, lingered: false },
      ["codex exited with code 1 after the turn was complete"],
    ],
    [
      {
        type: "exited",
        process: { ...process, exitCode: null, signal: "SIGKILL" },
        lingered: false,
      },
      ["codex was ended by SIGKILL after the turn was complete"],
    ],
    [{ type: "exited", process, lingered: true }, []],
    [{ type: "aborted", reason: "late", process }, []],
    [{ type: "timed_out", limit: "turn", ms: 10, process }, []],
    [
      {
        type: "protocol_error",
        problem: { code: "invalid_json", lineNumber: 9, message: "broken" },
        process,
      },
      ["broken"],
    ],
  ];
  for (const [ending, expected] of cases) {
    assertEquals(readResult(null, ending).warnings, [
      "on the way",
      ...expected,
    ]);
  }
});

Deno.test("finishTurn returns a result with its own arrays and the diagnostics of the state", () => {
  const diagnostic = {
    kind: "noise",
    lineNumber: 1,
    path: "",
    message: "x",
  } as const;
  let state = noteDiagnostic(initialTurnState(), diagnostic);
  state = reduceTurn(state, { type: "turn.completed", usage: TOTAL });
  const first = finishTurn(state, EXIT_0);
  assert(first.ok);
  first.result.items.push({ id: "x", type: "reasoning", text: "put in" });
  const second = finishTurn(state, EXIT_0);
  assert(second.ok);
  assertEquals(second.result.items, []);
  assertEquals(second.result.diagnostics, [diagnostic]);
});
