/**
 * The kind of a failure: what to branch on where `code` says no more than that the turn
 * failed.
 *
 * - `usage_limit`: the plan, quota or credit is used up.
 * - `rate_limit`: too many requests or tokens for now.
 * - `unauthorized`: no login or key, or one that is not taken.
 * - `forbidden`: the login is taken, and this is not allowed to it.
 * - `model_not_found`: there is no such model, or not for this login.
 * - `bad_request`: the service does not take the request as it is.
 * - `invalid_schema`: the service does not take the output schema.
 * - `context_window`: the thread is too long for the model.
 * - `overloaded`: the service or the model has no capacity for now.
 * - `server_error`: the service failed.
 * - `unreachable`: there was no connection to the service.
 * - `disconnected`: the answer broke off, or did not come.
 * - `cyber_policy`: the request was taken for a risk to security.
 * - `sandbox`: the CLI's sandbox failed.
 * - `other`: anything else, and what nothing tells; never a guess.
 */
export type FailureReason =
  | "usage_limit"
  | "rate_limit"
  | "unauthorized"
  | "forbidden"
  | "model_not_found"
  | "bad_request"
  | "invalid_schema"
  | "context_window"
  | "overloaded"
  | "server_error"
  | "unreachable"
  | "disconnected"
  | "cyber_policy"
  | "sandbox"
  | "other";

/** What is known of the cause of a failure, beside its words. */
export interface FailureFacts {
  /** The kind of failure; `other` where nothing tells it. */
  readonly reason: FailureReason;
  /** The status of the service's answer; `null` where nothing tells it. */
  readonly httpStatus: number | null;
  /** The service's own code, such as `invalid_api_key`, or the type that it gives in its place; `null` where the CLI hands on neither. */
  readonly serviceCode: string | null;
  /** The body of the service's answer, where the CLI hands it on as JSON; `null` elsewhere. */
  readonly httpBody: string | null;
}

/** The reasons that may be gone within minutes, with nothing changed. */
const RETRYABLE: ReadonlySet<FailureReason> = new Set<FailureReason>([
  "rate_limit",
  "overloaded",
  "server_error",
  "unreachable",
  "disconnected",
]);

/** Tells whether the same turn may succeed within minutes. */
export function isRetryable(reason: FailureReason): boolean {
  return RETRYABLE.has(reason);
}
