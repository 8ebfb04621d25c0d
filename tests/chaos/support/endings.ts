/**
 * The table of endings: every way in which a turn ends, but for those that end
 * the host as well.
 *
 * @module
 */

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

/** How the CLI ends by itself. */
const BY_ITSELF: readonly Ending[] = [
  ends("completed", "read begin item completed", "completed", DRAIN_MS),
  ends("failed", "read begin failed exit:1", "turn_failed", DRAIN_MS),
  ends("incomplete", "read begin item", "turn_incomplete", DRAIN_MS),
  ends("exit code", "read begin exit:7", "exited", DRAIN_MS),
  ends("killed by a signal", "read begin die:KILL", "exited", DRAIN_MS),
  ends("dies within an event", "read cut:120 die:KILL", "exited", DRAIN_MS),
  ends("last line not ended", "begin item unflushed", "completed", DRAIN_MS),
  ends("exits, stdin unread", "begin exit:3", "exited", DRAIN_MS, {
    take: (turn) => turn.run({}, "x".repeat(1_000_000)),
  }),
  ends("protocol error", "broken stay", "invalid_json", LADDER_MS),
  ends("line too long", "begin long:5000 stay", "line_too_long", LADDER_MS, {
    codex: { maxLineBytes: 1000 },
  }),
  ends("not started", "", "executable_not_found", DRAIN_MS, {
    codex: { codexPathOverride: "/nowhere/codex" },
  }),
  ends(
    "closes stdout and stays",
    "begin close stay",
    "turn_incomplete",
    LINGER_MS + LADDER_MS,
  ),
  ends(
    "lingers, completed",
    "begin item completed stay",
    "completed",
    LINGER_MS + LADDER_MS,
  ),
  ends(
    "lingers, failed",
    "begin failed stay",
    "turn_failed",
    LINGER_MS + LADDER_MS,
  ),
  ends(
    "lingers, ignores INT TERM",
    "ignore:INT ignore:TERM begin completed stay",
    "completed",
    LINGER_MS + LADDER_MS,
  ),
  ends(
    "grandchild holds pipes, completed",
    "hold:both begin completed",
    "completed",
    3 * DRAIN_MS + SWEEP_MS,
  ),
  // What the agent left on purpose stays where the turn is complete.
  ends(
    "daemon, completed",
    "daemon begin completed",
    "completed",
    3 * DRAIN_MS,
    {
      kept: 1,
    },
  ),
  ends(
    "grandchild holds pipes, failed",
    "hold:both begin failed",
    "turn_failed",
    3 * DRAIN_MS + SWEEP_MS,
  ),
  ends(
    "grandchild holds pipes, exit code",
    "hold:both begin exit:4",
    "exited",
    3 * DRAIN_MS + SWEEP_MS,
  ),
  ends(
    "daemon left, exit code",
    "daemon sleep:0.1 begin exit:4",
    "exited",
    DRAIN_MS + SWEEP_MS,
  ),
];

/** How the consumer ends the turn. */
const BY_CONSUMER: readonly Ending[] = [
  aborted("aborted before", "begin stay", AT_ONCE_MS, {
    take: (turn) => {
      turn.abort();
      return turn.run();
    },
  }),
  aborted("aborted while it starts", "begin stay", GRACE_MS, {
    take: async (turn) => {
      const running = turn.run();
      await new Promise((resolve) => setTimeout(resolve, 0));
      turn.abort();
      return await running;
    },
  }),
  aborted("aborted", "begin stay", GRACE_MS, { take: abort }),
  aborted("aborted twice", "begin stay", GRACE_MS, {
    take: async (turn) => {
      const streamed = await turn.until("turn.started");
      turn.abort("one");
      turn.controller.abort("two");
      return await drain(streamed);
    },
  }),
  aborted("aborted during dispose", "ignore:INT begin stay", 2 * GRACE_MS, {
    outcome: "disposed",
    take: async (turn) => {
      const streamed = await turn.until("turn.started");
      turn.mark();
      const disposing = streamed[Symbol.asyncDispose]();
      turn.controller.abort();
      await disposing;
      return "disposed";
    },
  }),
  ends("aborted after the end", "begin completed", "completed", DRAIN_MS, {
    take: async (turn) => {
      const outcome = await turn.run();
      turn.abort();
      return outcome;
    },
  }),
  ends(
    "aborted once completed",
    "begin completed sleep:0.2",
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
  aborted("AbortSignal.timeout", "begin stay", LIMIT_MS + GRACE_MS, {
    take: (turn) => turn.run({ signal: AbortSignal.timeout(LIMIT_MS) }),
  }),
  ends("timeoutMs", "begin chatter", "turn_timeout", LIMIT_MS + LADDER_MS, {
    take: (turn) => turn.run({ timeoutMs: LIMIT_MS }),
  }),
  ends(
    "idleTimeoutMs",
    "begin item stay",
    "idle_timeout",
    LIMIT_MS + GRACE_MS,
    {
      take: (turn) => turn.run({ idleTimeoutMs: LIMIT_MS }),
    },
  ),
  ends("break", "begin stay", "left", GRACE_MS, {
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
  ends("throw in the loop", "begin stay", "Error: mine", GRACE_MS, {
    take: async (turn) => {
      const streamed = await turn.stream();
      for await (const _ of streamed.events) {
        turn.mark();
        throw new Error("mine");
      }
    },
  }),
  ends("return() while next() waits", "begin stay", "left", GRACE_MS, {
    take: async (turn) => {
      const streamed = await turn.until("turn.started");
      const waiting = streamed.events.next();
      turn.mark();
      await streamed.events.return();
      await waiting;
      return "left";
    },
  }),
  ends("disposed", "begin stay", "left", GRACE_MS, {
    take: async (turn) => {
      const streamed = await turn.until("turn.started");
      turn.mark();
      await streamed[Symbol.asyncDispose]();
      return "left";
    },
  }),
  ends("disposed before the start", "begin stay", "left", AT_ONCE_MS, {
    take: async (turn) => {
      const streamed = await turn.stream();
      turn.mark();
      await streamed[Symbol.asyncDispose]();
      return "left";
    },
  }),
  ends("aborted, never asked again", "begin stay", "left", GRACE_MS, {
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
