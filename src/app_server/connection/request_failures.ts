import type { CodexError } from "../../errors/codex_error.ts";
import { CodexRequestError } from "../../errors/request_errors.ts";
import { NO_TURN_FACTS } from "../../errors/turn_facts.ts";
import { resumeFailure } from "../../turn/resume_failures.ts";

/** Tells whether a request got no answer in time: what has come of it is not known. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof CodexRequestError && error.code === "request_timeout";
}

/** Tells why a thread is not resumed, or copied, where that is what the server said; gives any other error as it is. */
export function asResumeFailure(
  error: CodexRequestError,
  threadId: string,
): CodexError {
  const words = error.message.replace(/^.*? refused /, "");
  return resumeFailure(words, threadId, NO_TURN_FACTS) ?? error;
}
