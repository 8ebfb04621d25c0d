/**
 * The rows of the table in which the CLI, or what it has started, does not want to
 * end.
 *
 * @module
 */

import { drain, type Ending, GRACE_MS } from "./ending.ts";
import { aborted, LADDER_MS } from "./rows.ts";

/** How a CLI and what it started resist an abort. */
export const RESISTING: readonly Ending[] = [
  aborted("ignores SIGINT", "ignore:INT begin item stay", 2 * GRACE_MS),
  aborted(
    "ignores SIGINT, SIGTERM",
    "ignore:INT ignore:TERM begin item stay",
    LADDER_MS,
  ),
  aborted("grandchild holds pipes", "hold:both begin item stay", 2 * GRACE_MS),
  aborted(
    "tree out of group and session",
    "tree sleep:0.1 begin item stay",
    2 * GRACE_MS,
  ),
  aborted(
    "daemonised grandchild",
    "daemon sleep:0.1 begin item stay",
    2 * GRACE_MS,
  ),
  aborted(
    "daemon ignores INT TERM",
    "ignore:INT ignore:TERM daemon sleep:0.1 begin item stay",
    LADDER_MS,
  ),
  aborted(
    "grandchild without environment",
    "bare sleep:0.1 begin item stay",
    2 * GRACE_MS,
  ),
  aborted(
    "swarm that ignores INT TERM",
    "swarm sleep:0.1 begin item stay",
    LADDER_MS,
  ),
  aborted("stdin never read", "begin item stay", GRACE_MS, {
    take: async (turn) => {
      const long = "x".repeat(1_000_000);
      const streamed = await turn.until("turn.started", {}, long);
      turn.abort();
      return await drain(streamed);
    },
  }),
  aborted("floods stdout", "begin item chatter", GRACE_MS),
  aborted("floods stderr", "begin item flood:1000000000", 2 * GRACE_MS),
];
