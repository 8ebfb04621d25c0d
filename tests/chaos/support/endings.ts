/**
 * The table of endings: every way in which a turn ends, except those that end
 * the host as well.
 *
 * @module
 */

import { type FakeStep, prints } from "../../../src/testing/fake.ts";
import { drain, DRAIN_MS, type Ending, GRACE_MS, LINGER_MS } from "./ending.ts";
import { RESISTING } from "./resisting.ts";
import {
  abort,
  aborted,
  AT_ONCE_MS,
  ends,
  LADDER_MS,
  LIMIT_MS,
  SWEEP_MS,
} from "./rows.ts";
import {
  BEGIN,
  BROKEN,
  CHATTER,
  COMPLETED,
  FAILED,
  ITEM,
  LINES,
  UNFLUSHED,
} from "./words.ts";
import { wait } from "../../../src/testing/waiting.ts";

/** The first 120 bytes of a turn, which end within an event. */
const CUT: FakeStep = prints(LINES.join("\n").slice(0, 120));

/** The rows in which the CLI ends the turn. */
const BY_ITSELF: readonly Ending[] = [
  ends("completed", ["read", BEGIN, ITEM, COMPLETED], "completed", DRAIN_MS),
  ends("failed", ["read", BEGIN, FAILED, "exit 1"], "turn_failed", DRAIN_MS),
  ends("incomplete", ["read", BEGIN, ITEM], "turn_incomplete", DRAIN_MS),
  ends("exit code", ["read", BEGIN, "exit 7"], "exited", DRAIN_MS),
  ends("killed by a signal", ["read", BEGIN, "die KILL"], "exited", DRAIN_MS),
  ends("dies within an event", ["read", CUT, "die KILL"], "exited", DRAIN_MS),
  ends("last line not ended", [BEGIN, ITEM, UNFLUSHED], "completed", DRAIN_MS),
  ends("exits, stdin unread", [BEGIN, "exit 3"], "exited", DRAIN_MS, {
    take: (turn) => turn.run({}, "x".repeat(1_000_000)),
  }),
  ends("protocol error", [BROKEN, "stay"], "invalid_json", LADDER_MS),
  ends(
    "line too long",
    [BEGIN, prints(`{"type":"${"x".repeat(5000)}`), "stay"],
    "line_too_long",
    LADDER_MS,
    {
      codex: { maxLineBytes: 1000 },
    },
  ),
  ends("not started", [], "executable_not_found", DRAIN_MS, {
    codex: { codexPathOverride: "/nowhere/codex" },
  }),
  ends(
    "closes stdout and stays",
    [BEGIN, "close out", "stay"],
    "turn_incomplete",
    LINGER_MS + LADDER_MS,
  ),
  ends(
    "lingers, completed",
    [BEGIN, ITEM, COMPLETED, "stay"],
    "completed",
    LINGER_MS + LADDER_MS,
  ),
  ends(
    "lingers, failed",
    [BEGIN, FAILED, "stay"],
    "turn_failed",
    LINGER_MS + LADDER_MS,
  ),
  ends(
    "lingers, ignores INT TERM",
    ["ignore INT", "ignore TERM", BEGIN, COMPLETED, "stay"],
    "completed",
    LINGER_MS + LADDER_MS,
  ),
  ends(
    "grandchild holds pipes, completed",
    ["hold both", BEGIN, COMPLETED],
    "completed",
    3 * DRAIN_MS + SWEEP_MS,
  ),
  // A process that the agent left on purpose stays if the turn is complete.
  ends(
    "daemon, completed",
    ["spawn daemon", BEGIN, COMPLETED],
    "completed",
    3 * DRAIN_MS,
    {
      kept: 1,
    },
  ),
  ends(
    "grandchild holds pipes, failed",
    ["hold both", BEGIN, FAILED],
    "turn_failed",
    3 * DRAIN_MS + SWEEP_MS,
  ),
  ends(
    "grandchild holds pipes, exit code",
    ["hold both", BEGIN, "exit 4"],
    "exited",
    3 * DRAIN_MS + SWEEP_MS,
  ),
  ends(
    "daemon left, exit code",
    ["spawn daemon", "sleep 0.1", BEGIN, "exit 4"],
    "exited",
    DRAIN_MS + SWEEP_MS,
  ),
];

/** The rows in which the consumer ends the turn. */
const BY_CONSUMER: readonly Ending[] = [
  aborted("aborted before", [BEGIN, "stay"], AT_ONCE_MS, {
    take: (turn) => {
      turn.abort();
      return turn.run();
    },
  }),
  aborted("aborted while it starts", [BEGIN, "stay"], GRACE_MS, {
    take: async (turn) => {
      const running = turn.run();
      await wait(0);
      turn.abort();
      return await running;
    },
  }),
  aborted("aborted", [BEGIN, "stay"], GRACE_MS, { take: abort }),
  aborted("aborted twice", [BEGIN, "stay"], GRACE_MS, {
    take: async (turn) => {
      const streamed = await turn.until("turn.started");
      turn.abort("one");
      turn.controller.abort("two");
      return await drain(streamed);
    },
  }),
  aborted(
    "aborted during dispose",
    ["ignore INT", BEGIN, "stay"],
    2 * GRACE_MS,
    {
      outcome: "disposed",
      take: async (turn) => {
        const streamed = await turn.until("turn.started");
        turn.mark();
        const disposing = streamed[Symbol.asyncDispose]();
        turn.controller.abort();
        await disposing;
        return "disposed";
      },
    },
  ),
  ends("aborted after the end", [BEGIN, COMPLETED], "completed", DRAIN_MS, {
    take: async (turn) => {
      const outcome = await turn.run();
      turn.abort();
      return outcome;
    },
  }),
  ends(
    "aborted once completed",
    [BEGIN, COMPLETED, "sleep 0.2"],
    "completed",
    LINGER_MS,
    {
      take: async (turn) => {
        const streamed = await turn.until("turn.completed");
        turn.abort();
        return await drain(streamed);
      },
    },
  ),
  aborted("AbortSignal.timeout", [BEGIN, "stay"], LIMIT_MS + GRACE_MS, {
    take: (turn) => turn.run({ signal: AbortSignal.timeout(LIMIT_MS) }),
  }),
  ends("timeoutMs", [BEGIN, CHATTER], "turn_timeout", LIMIT_MS + LADDER_MS, {
    take: (turn) => turn.run({ timeoutMs: LIMIT_MS }),
  }),
  ends(
    "idleTimeoutMs",
    [BEGIN, ITEM, "stay"],
    "idle_timeout",
    LIMIT_MS + GRACE_MS,
    {
      take: (turn) => turn.run({ idleTimeoutMs: LIMIT_MS }),
    },
  ),
  ends("break", [BEGIN, "stay"], "left", GRACE_MS, {
    take: async (turn) => {
      const streamed = await turn.stream();
      for await (const event of streamed.events) {
        if (event.type !== "turn.started") continue;
        turn.mark();
        break;
      }
      return "left";
    },
  }),
  ends("throw in the loop", [BEGIN, "stay"], "Error: mine", GRACE_MS, {
    take: async (turn) => {
      const streamed = await turn.stream();
      for await (const _ of streamed.events) {
        turn.mark();
        throw new Error("mine");
      }
    },
  }),
  ends("return() while next() waits", [BEGIN, "stay"], "left", GRACE_MS, {
    take: async (turn) => {
      const streamed = await turn.until("turn.started");
      const waiting = streamed.events.next();
      turn.mark();
      await streamed.events.return();
      await waiting;
      return "left";
    },
  }),
  ends("disposed", [BEGIN, "stay"], "left", GRACE_MS, {
    take: async (turn) => {
      const streamed = await turn.until("turn.started");
      turn.mark();
      await streamed[Symbol.asyncDispose]();
      return "left";
    },
  }),
  ends("disposed before the start", [BEGIN, "stay"], "left", AT_ONCE_MS, {
    take: async (turn) => {
      const streamed = await turn.stream();
      turn.mark();
      await streamed[Symbol.asyncDispose]();
      return "left";
    },
  }),
  ends("aborted, never asked again", [BEGIN, "stay"], "left", GRACE_MS, {
    take: async (turn) => {
      await turn.until("turn.started");
      turn.abort();
      return "left";
    },
  }),
];

/** The rows, in order. */
export const ENDINGS: readonly Ending[] = [
  ...BY_ITSELF,
  ...BY_CONSUMER,
  ...RESISTING,
];
