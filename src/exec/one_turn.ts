import { CodexInputError } from "../errors/codex_error.ts";
import type { CodexOptions } from "../options/options.ts";
import type { TurnRequest } from "../transport/transport.ts";

/** The part of a request that decides whether further turns may follow. */
type OneTurn = Pick<
  TurnRequest,
  "threadId" | "origin" | "threadOptions" | "repair"
>;

/**
 * Rejects a turn after the only turn of a thread. The CLI does not find an ephemeral
 * thread again, and would write a further turn of a stored thread to disk. It continues
 * no thread in its worktree, and does not report the worktree's folder (facts F51).
 *
 * @throws {CodexInputError} With the option that allows only one turn.
 */
export function checkOneTurn(
  { hermetic }: CodexOptions,
  { threadId, origin, threadOptions, repair = 0 }: OneTurn,
): void {
  const { worktree } = threadOptions;
  const ephemeral = threadOptions.ephemeral || hermetic;
  if (worktree && ephemeral) {
    throw new CodexInputError(
      "worktree cannot be combined with hermetic: the CLI rejects --worktree with --ephemeral",
      { path: "worktree" },
    );
  }
  const goesOn = threadId !== null || origin.type === "last";
  if (!ephemeral && !worktree || !goesOn && repair === 0) return;
  const path = worktree ? "worktree" : hermetic ? "hermetic" : "ephemeral";
  const turn = goesOn
    ? `Cannot continue ${
      threadId === null ? "the last thread" : `thread ${threadId}`
    }`
    : "Cannot repair an answer";
  const why = worktree
    ? "the CLI cannot continue a thread in its worktree; resume it without worktree, with that folder as workingDirectory"
    : "the CLI does not save an ephemeral thread; leave it out, or use CodexAppServer, whose ephemeral threads accept further turns";
  throw new CodexInputError(`${turn} with ${path}: ${why}`, { path });
}
