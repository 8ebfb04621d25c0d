import type { CodexError } from "../errors/codex_error.ts";
import {
  CodexThreadBusyError,
  CodexThreadNotFoundError,
  CodexThreadNotResumableError,
} from "../errors/turn_errors.ts";
import type { TurnFacts } from "../errors/turn_facts.ts";

/** A message of the CLI about a thread that it does not resume, and the error for it. */
interface ResumeFailure {
  /** Matches the text of the CLI's `Error:` line. */
  readonly pattern: RegExp;
  /** The versions of the CLI in which the message was seen. */
  readonly seenIn: readonly string[];
  /** Creates the error. */
  readonly toError: (asked: RequestedThread, facts: TurnFacts) => CodexError;
}

/** The requested operation and its thread. */
interface RequestedThread {
  readonly verb: "resume" | "fork";
  readonly threadId: string;
}

/**
 * Facts F9 and F40: the CLI says only on stderr, as text, why it does not resume a
 * thread.
 */
export const RESUME_FAILURES: readonly ResumeFailure[] = [
  {
    pattern: /no rollout found for thread id/,
    seenIn: ["0.163.0", "0.169.0"],
    toError: ({ verb, threadId }, facts) =>
      new CodexThreadNotFoundError(
        `Cannot ${verb} thread ${threadId}: the CLI does not know it`,
        { requestedThreadId: threadId, openedThreadId: null, facts },
      ),
  },
  {
    pattern: /already has an active writer/,
    seenIn: ["0.163.0", "0.169.0"],
    toError: ({ verb, threadId }, facts) =>
      new CodexThreadBusyError(
        `Cannot ${verb} thread ${threadId}: another process is running a turn of it; try again when that has ended`,
        { requestedThreadId: threadId, facts },
      ),
  },
  {
    pattern: /^thread\/(?:resume|fork).* is archived\./,
    seenIn: ["0.163.0", "0.169.0"],
    toError: ({ verb, threadId }, facts) =>
      new CodexThreadNotResumableError(
        `Cannot ${verb} thread ${threadId}: it is archived; run "codex unarchive ${threadId}" first`,
        { requestedThreadId: threadId, facts },
      ),
  },
  {
    pattern: /^thread\/(?:resume|fork).* rollout at .* is empty/,
    seenIn: ["0.163.0", "0.169.0"],
    toError: ({ verb, threadId }, facts) =>
      new CodexThreadNotResumableError(
        `Cannot ${verb} thread ${threadId}: its file is empty; stderr names it`,
        { requestedThreadId: threadId, facts },
      ),
  },
  {
    pattern: /^thread\/(?:resume|fork).* does not start with session metadata/,
    seenIn: ["0.163.0", "0.169.0"],
    toError: ({ verb, threadId }, facts) =>
      new CodexThreadNotResumableError(
        `Cannot ${verb} thread ${threadId}: its file is damaged; stderr names it`,
        { requestedThreadId: threadId, facts },
      ),
  },
];

/**
 * Creates the error for a thread that the CLI does not resume or fork; returns
 * `undefined` for any other reason.
 */
export function resumeFailure(
  reason: string,
  threadId: string,
  facts: TurnFacts,
): CodexError | undefined {
  const verb = reason.startsWith("thread/fork") ? "fork" : "resume";
  return RESUME_FAILURES.find(({ pattern }) => pattern.test(reason))
    ?.toError({ verb, threadId }, facts);
}
