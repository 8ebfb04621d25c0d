/**
 * The kind of a failure. Branch on it if `code` only says that the turn failed.
 *
 * - `usage_limit`: the plan, quota or credit is used up.
 * - `rate_limit`: too many requests or tokens at the moment.
 * - `unauthorized`: the login or key is missing, or was rejected.
 * - `forbidden`: the login was accepted, but does not permit this.
 * - `model_not_found`: the model does not exist, or this login may not use it.
 * - `bad_request`: the service rejected the request.
 * - `invalid_schema`: the service rejected the output schema.
 * - `context_window`: the thread is too long for the model.
 * - `overloaded`: the service or the model has no capacity at the moment.
 * - `server_error`: the service failed.
 * - `unreachable`: there was no connection to the service.
 * - `disconnected`: the response was interrupted, or did not arrive.
 * - `cyber_policy`: the request was classified as a security risk.
 * - `sandbox`: the CLI's sandbox failed.
 * - `other`: any other failure, or an unknown one; never a guess.
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

/** Facts about the cause of a failure, apart from its message. */
export interface FailureFacts {
  /** The kind of failure; `other` if it is unknown. */
  readonly reason: FailureReason;
  /** The HTTP status of the service's response; `null` if it is unknown. */
  readonly httpStatus: number | null;
  /**
   * The service's own error code, such as `invalid_api_key`, or its error type if there
   * is no code; `null` if the CLI reports neither.
   */
  readonly serviceCode: string | null;
  /**
   * The body of the service's response, if the CLI passes it on as JSON; otherwise
   * `null`.
   */
  readonly httpBody: string | null;
}

/** The reasons that may disappear within minutes without a change. */
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
