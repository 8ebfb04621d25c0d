import type { FailureReason } from "../errors/failure_reason.ts";

/** The beginning of a message, and the failure that it reports. */
export interface FailureSentence {
  /** The text that the message begins with. */
  readonly pattern: RegExp;
  /** The failure. */
  readonly reason: FailureReason;
  /** The versions of the CLI in which the message was seen. */
  readonly seenIn: readonly string[];
  /** The advice, if it differs from that for the reason. */
  readonly advice?: string;
}

const BOTH = ["0.163.0", "0.169.0"];

/**
 * The CLI's own messages for failures, the same for `codex exec` and `codex app-server`.
 * The first entry that matches the beginning of a message counts (facts F46).
 */
export const FAILURE_SENTENCES: readonly FailureSentence[] = [
  { pattern: /^Connection failed: /, reason: "unreachable", seenIn: BOTH },
  // The response has ended and contains nothing to continue from.
  {
    pattern: /^stream disconnected before completion: Incomplete response /,
    reason: "other",
    seenIn: BOTH,
  },
  {
    pattern: /^stream disconnected before completion: /,
    reason: "disconnected",
    seenIn: BOTH,
  },
  { pattern: /^rate limit exceeded: /, reason: "rate_limit", seenIn: BOTH },
  {
    pattern: /^You[’']ve hit your usage limit\b/,
    reason: "usage_limit",
    seenIn: BOTH,
  },
  {
    pattern: /^You hit your spend cap set /,
    reason: "usage_limit",
    seenIn: BOTH,
  },
  {
    pattern: /^Your workspace is out of credits\./,
    reason: "usage_limit",
    seenIn: BOTH,
  },
  {
    pattern: /^Quota exceeded\. Check your plan /,
    reason: "usage_limit",
    seenIn: BOTH,
  },
  {
    pattern: /^To use Codex with your ChatGPT plan, upgrade /,
    reason: "usage_limit",
    seenIn: BOTH,
  },
  {
    pattern: /^We[’']re currently experiencing high demand, /,
    reason: "server_error",
    seenIn: BOTH,
  },
  {
    pattern: /^Selected model is at capacity\./,
    reason: "overloaded",
    seenIn: BOTH,
  },
  {
    pattern: /^Flex capacity unavailable\./,
    reason: "overloaded",
    seenIn: BOTH,
  },
  {
    pattern: /^Codex ran out of room in the model's context window\./,
    reason: "context_window",
    seenIn: BOTH,
  },
  {
    pattern: /^This request has been flagged for possible cybersecurity risk\./,
    reason: "cyber_policy",
    seenIn: BOTH,
  },
  {
    pattern: /^Your access token could not be refreshed\b/,
    reason: "unauthorized",
    seenIn: BOTH,
  },
  {
    pattern: /^Missing environment variable: `/,
    reason: "unauthorized",
    seenIn: BOTH,
    advice: "give it in the option env",
  },
];

/**
 * The service's messages for a model that does not exist, or that this login may not use.
 * The CLI may pass on the message without the rest of the response.
 */
export const MODEL_SENTENCES: readonly FailureSentence[] = [
  {
    pattern: /^The (?:requested )?model [`'"][^`'"]*[`'"] does not exist\b/,
    reason: "model_not_found",
    seenIn: BOTH,
  },
  {
    pattern:
      /^The '[^']*' model is not supported when using Codex with a ChatGPT account\b/,
    reason: "model_not_found",
    seenIn: BOTH,
  },
  // The code, if the service sent no message.
  {
    pattern: /^model_not_found$/,
    reason: "model_not_found",
    seenIn: ["0.169.0"],
  },
];
