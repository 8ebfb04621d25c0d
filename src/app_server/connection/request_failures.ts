import type { CodexError } from "../../errors/codex_error.ts";
import { CodexRequestError } from "../../errors/request_errors.ts";
import { NO_TURN_FACTS } from "../../errors/turn_facts.ts";
import { resumeFailure } from "../../turn/resume_failures.ts";

/** Tells whether a request got no answer in time, so that its result is unknown. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof CodexRequestError && error.code === "request_timeout";
}

/** Maps a refusal to resume or copy a thread to a more specific error; returns any other error unchanged. */
export function asResumeFailure(
  error: CodexRequestError,
  threadId: string,
): CodexError {
  const words = error.message.replace(/^.*? rejected /, "");
  return resumeFailure(words, threadId, NO_TURN_FACTS) ?? error;
}
