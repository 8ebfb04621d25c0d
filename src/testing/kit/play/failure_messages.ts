import type { FailureReason } from "../../../errors/failure_reason.ts";
import type { JsonValue } from "../../../protocol/json.ts";

/** A failure as the CLI reports it. */
export interface ReportedFailure {
  /** The message of `turn.failed`. */
  readonly message: string;
  /** The `codexErrorInfo` of `codex app-server`, if the message alone does not tell the reason. */
  readonly errorInfo?: JsonValue;
}

const SERVICE = "https://api.openai.com/v1/responses";

/** The CLI's message for each failure (facts F46), from which the product infers the reason. */
export const FAILURE_MESSAGES: Readonly<
  Record<FailureReason, ReportedFailure>
> = {
  usage_limit: {
    message: "You’ve hit your usage limit. Try again later.",
  },
  rate_limit: {
    message: "exceeded retry limit, last status: 429 Too Many Requests",
  },
  unauthorized: {
    message:
      `unexpected status 401 Unauthorized: Incorrect API key provided, url: ${SERVICE}`,
  },
  forbidden: {
    message: `unexpected status 403 Forbidden: No access, url: ${SERVICE}`,
  },
  model_not_found: {
    message:
      "The model `gpt-x` does not exist or you do not have access to it.",
  },
  bad_request: {
    message: JSON.stringify({
      error: { message: "Invalid request", type: "invalid_request_error" },
    }),
  },
  invalid_schema: {
    message: JSON.stringify({
      error: {
        message: "Invalid schema for response_format",
        type: "invalid_request_error",
        param: "text.format.schema",
        code: "invalid_json_schema",
      },
    }),
  },
  context_window: {
    message:
      "Codex ran out of room in the model's context window. Start a new thread or clear earlier history before retrying.",
  },
  overloaded: {
    message: "Selected model is at capacity. Please try a different model.",
  },
  server_error: {
    message:
      "We’re currently experiencing high demand, which may cause temporary errors.",
  },
  unreachable: {
    message: `Connection failed: error sending request for url (${SERVICE})`,
  },
  disconnected: {
    message:
      "stream disconnected before completion: stream closed before response.completed",
  },
  cyber_policy: {
    message: "This request has been flagged for possible cybersecurity risk.",
  },
  sandbox: {
    message: "sandbox error: the sandbox could not be started",
    errorInfo: "sandboxError",
  },
  other: {
    message:
      "stream disconnected before completion: Incomplete response returned, reason: content_filter",
  },
};
