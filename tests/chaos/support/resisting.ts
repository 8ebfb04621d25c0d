/**
 * The rows of the table in which the CLI, or a process that it has started, resists being
 * ended.
 *
 * @module
 */

import { prints } from "../../../src/testing/fake.ts";
import { drain, type Ending, GRACE_MS } from "./ending.ts";
import { aborted, LADDER_MS } from "./rows.ts";
import { BEGIN, CHATTER, ITEM } from "./words.ts";

/** A gigabyte of stderr. */
const FLOOD = prints("\0", { to: "stderr", times: 1_000_000_000 });

/** The ways in which a CLI and its processes resist an abort. */
export const RESISTING: readonly Ending[] = [
  aborted("ignores SIGINT", ["ignore INT", BEGIN, ITEM, "stay"], 2 * GRACE_MS),
  aborted(
    "ignores SIGINT, SIGTERM",
    ["ignore INT", "ignore TERM", BEGIN, ITEM, "stay"],
    LADDER_MS,
  ),
  aborted(
    "grandchild holds pipes",
    ["hold both", BEGIN, ITEM, "stay"],
    2 * GRACE_MS,
  ),
  aborted(
    "tree out of group and session",
    ["spawn tree", "sleep 0.1", BEGIN, ITEM, "stay"],
    2 * GRACE_MS,
  ),
  aborted(
    "daemonised grandchild",
    ["spawn daemon", "sleep 0.1", BEGIN, ITEM, "stay"],
    2 * GRACE_MS,
  ),
  aborted(
    "daemon ignores INT TERM",
    [
      "ignore INT",
      "ignore TERM",
      "spawn daemon",
      "sleep 0.1",
      BEGIN,
      ITEM,
      "stay",
    ],
    LADDER_MS,
  ),
  aborted(
    "grandchild without environment",
    ["spawn bare", "sleep 0.1", BEGIN, ITEM, "stay"],
    2 * GRACE_MS,
  ),
  aborted(
    "swarm that ignores INT TERM",
    ["spawn swarm", "sleep 0.1", BEGIN, ITEM, "stay"],
    LADDER_MS,
  ),
  aborted("stdin never read", [BEGIN, ITEM, "stay"], GRACE_MS, {
    take: async (turn) => {
      const long = "x".repeat(1_000_000);
      const streamed = await turn.until("turn.started", {}, long);
      turn.abort();
      return await drain(streamed);
    },
  }),
  aborted("floods stdout", [BEGIN, ITEM, CHATTER], GRACE_MS),
  aborted("floods stderr", [BEGIN, ITEM, FLOOD], 2 * GRACE_MS),
];
