import { assertEquals } from "@std/assert";
import type { ThreadEvent } from "../../src/protocol/events.ts";
import type { StopCause } from "../../src/transport/ending.ts";
import { TurnLimits } from "../../src/turn/limits.ts";

/** Replaces the system's clock; it advances only by `pass()`. */
class Clock implements Disposable {
  now = 1_000_000;
  readonly #timers = new Map<number, { at: number; task: () => void }>();
  #lastId = 0;
  readonly #real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    now: Date.now,
  };

  constructor() {
    Date.now = () => this.now;
    Object.assign(globalThis, {
      setTimeout: (task: () => void, ms: number): number => {
        this.#lastId += 1;
        this.#timers.set(this.#lastId, { at: this.now + ms, task });
        return this.#lastId;
      },
      clearTimeout: (id: number): void => void this.#timers.delete(id),
    });
  }

  /** The number of timers that are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Advances the clock, timer by timer. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end)
        .sort(([, one], [, other]) => one.at - other.at)[0];
      if (due === undefined) break;
      const [id, { at, task }] = due;
      this.#timers.delete(id);
      this.now = at;
      task();
    }
    this.now = end;
  }

  [Symbol.dispose](): void {
    const { now, ...timers } = this.#real;
    Date.now = now;
    Object.assign(globalThis, timers);
  }
}

/** Creates limits that record the causes they report. */
function limits(
  timeoutMs: number | undefined,
  idleTimeoutMs: number | undefined,
): { limits: TurnLimits; causes: StopCause[] } {
  const causes: StopCause[] = [];
  return {
    limits: new TurnLimits(
      { timeoutMs, idleTimeoutMs },
      (cause) => causes.push(cause),
    ),
    causes,
  };
}

const IDLE: StopCause = { type: "timed_out", limit: "idle", ms: 100 };
const TURN: StopCause = { type: "timed_out", limit: "turn", ms: 100 };
const EVENT: ThreadEvent = { type: "turn.started" };

function tool(
  state: "started" | "updated" | "completed",
  id = "item_1",
  type = "command_execution",
): ThreadEvent {
  return {
    type: `item.${state}`,
    item: { id, type },
  } as unknown as ThreadEvent;
}

Deno.test("TurnLimits counts a turn's time from the start, including the consumer's", () => {
  using clock = new Clock();
  const { limits: turn, causes } = limits(100, undefined);
  turn.waiting();
  clock.pass(60);
  turn.received([EVENT]);
  clock.pass(39);
  assertEquals(causes, []);
  clock.pass(1);
  assertEquals(causes, [TURN]);
});

Deno.test("TurnLimits counts idle time from the last event", () => {
  using clock = new Clock();
  const { limits: turn, causes } = limits(undefined, 100);
  for (let event = 0; event < 5; event += 1) {
    turn.waiting();
    clock.pass(99);
    turn.received([EVENT]);
  }
  turn.waiting();
  clock.pass(99);
  assertEquals(causes, []);
  clock.pass(1);
  assertEquals(causes, [IDLE]);
});

Deno.test("TurnLimits is not reset by output without events", () => {
  using clock = new Clock();
  const { limits: turn, causes } = limits(undefined, 100);
  for (let line = 0; line < 3; line += 1) {
    turn.waiting();
    clock.pass(30);
    turn.received([]);
  }
  turn.waiting();
  clock.pass(9);
  assertEquals(causes, []);
  clock.pass(1);
  assertEquals(causes, [IDLE]);
});

Deno.test("TurnLimits does not count the client's answers to the CLI's requests as idle", () => {
  using clock = new Clock();
  const { limits: turn, causes } = limits(undefined, 100);
  turn.waiting();
  clock.pass(60);
  turn.setAsking(true);
  turn.received([]);
  turn.waiting();
  clock.pass(10_000);
  turn.setAsking(false);
  turn.received([]);
  turn.waiting();
  clock.pass(39);
  assertEquals(causes, []);
  clock.pass(1);
  assertEquals(causes, [IDLE]);
});

Deno.test("TurnLimits does not count the consumer's own time as idle", () => {
  using clock = new Clock();
  const { limits: turn, causes } = limits(undefined, 100);
  turn.waiting();
  clock.pass(50);
  turn.received([]);
  clock.pass(10_000);
  turn.waiting();
  clock.pass(49);
  assertEquals(causes, []);
  clock.pass(1);
  assertEquals(causes, [IDLE]);
});

Deno.test("TurnLimits does not count the time of a command or tool as idle", () => {
  for (
    const type of [
      "command_execution",
      "file_change",
      "mcp_tool_call",
      "collab_tool_call",
      "web_search",
    ]
  ) {
    using clock = new Clock();
    const { limits: turn, causes } = limits(undefined, 100);
    turn.waiting();
    turn.received([tool("started", "one", type), tool("updated", "two", type)]);
    turn.waiting();
    clock.pass(10_000);
    turn.received([tool("completed", "one", type)]);
    turn.waiting();
    clock.pass(10_000);
    turn.received([tool("completed", "two", type)]);
    turn.waiting();
    clock.pass(99);
    assertEquals(causes, []);
    clock.pass(1);
    assertEquals(causes, [IDLE]);
  }
});

Deno.test("TurnLimits counts idle time during items that are not tools", () => {
  using clock = new Clock();
  const { limits: turn, causes } = limits(undefined, 100);
  turn.waiting();
  turn.received([tool("started", "one", "todo_list")]);
  turn.waiting();
  clock.pass(100);
  assertEquals(causes, [IDLE]);
});

Deno.test("TurnLimits applies the turn's limit during a command too", () => {
  using clock = new Clock();
  const { limits: turn, causes } = limits(100, 50);
  turn.waiting();
  turn.received([tool("started")]);
  turn.waiting();
  clock.pass(100);
  assertEquals(causes, [TURN]);
});

Deno.test("TurnLimits reports once, and clears its timers", () => {
  using clock = new Clock();
  const { limits: turn, causes } = limits(1_000, 100);
  turn.waiting();
  clock.pass(100);
  assertEquals(clock.timers, 0);
  // Events that arrive while the turn is being ended start no new count.
  turn.received([EVENT]);
  turn.waiting();
  assertEquals(clock.timers, 0);
  clock.pass(10_000);
  assertEquals(causes, [IDLE]);
});

Deno.test("TurnLimits clears its timers when stopped", () => {
  using clock = new Clock();
  const { limits: turn, causes } = limits(1_000, 100);
  turn.waiting();
  assertEquals(clock.timers, 2);
  turn.stop();
  turn.waiting();
  assertEquals(clock.timers, 0);
  clock.pass(10_000);
  assertEquals(causes, []);
});

Deno.test("TurnLimits sets no timer without a limit", () => {
  using clock = new Clock();
  const { limits: turn } = limits(undefined, undefined);
  turn.waiting();
  turn.received([tool("started")]);
  turn.waiting();
  assertEquals(clock.timers, 0);
});
