import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { FailureReason } from "../../mod.ts";
import {
  FAILURE_SENTENCES,
  MODEL_SENTENCES,
} from "../../src/turn/failure_sentences.ts";
import { readFailure } from "../../src/turn/read_failure.ts";
import type { JsonValue } from "../../src/protocol/json.ts";

/** A message and what is read from it: the reason, the status, the service's code. */
type Row = readonly [
  message: string,
  reason: FailureReason,
  httpStatus?: number | null,
  serviceCode?: string | null,
];

const URL_AFTER = ", url: http://127.0.0.1/v1/responses";

/** Builds a message about a response with a status, as the CLI writes it. */
function unexpected(status: string, said: string, after = ""): string {
  return `unexpected status ${status}: ${said}${URL_AFTER}${after}`;
}

function body(error: object): string {
  return JSON.stringify({ error });
}

/** Structured messages: statuses, and the codes in the body of a response. */
const STRUCTURE: readonly Row[] = [
  [unexpected("401 Unauthorized", "Unknown error"), "unauthorized", 401],
  [unexpected("402 Payment Required", "Pay"), "usage_limit", 402],
  [unexpected("403 Forbidden", "No"), "forbidden", 403],
  [unexpected("404 Not Found", "No such path"), "other", 404],
  [unexpected("405 Method Not Allowed", "No"), "other", 405],
  [unexpected("408 Request Timeout", "Late"), "disconnected", 408],
  [unexpected("409 Conflict", "No"), "other", 409],
  [unexpected("413 Payload Too Large", "Big"), "bad_request", 413],
  [unexpected("418 I'm a teapot", "Tea"), "other", 418],
  [unexpected("422 Unprocessable Entity", "No"), "bad_request", 422],
  [unexpected("501 Not Implemented", "No"), "other", 501],
  [unexpected("502 Bad Gateway", "<html>"), "server_error", 502],
  [unexpected("503 Service Unavailable", "No"), "overloaded", 503],
  [unexpected("504 Gateway Timeout", "No"), "server_error", 504],
  [unexpected("520 <unknown status code>", "No"), "server_error", 520],
  [unexpected("529 <unknown status code>", "No"), "overloaded", 529],
  [unexpected("302 Found", "Elsewhere"), "other", 302],
  [
    "exceeded retry limit, last status: 429 Too Many Requests, request id: r",
    "rate_limit",
    429,
  ],
  [
    "exceeded retry limit, last status: 401 Unauthorized",
    "unauthorized",
    401,
  ],
  ["Failed to refresh token: 500 Internal Server Error", "server_error", 500],
  ["Failed to refresh token: 404 Not Found", "other", 404],
  [
    "Access blocked by Cloudflare. This usually happens (status 403 Forbidden)",
    "forbidden",
    403,
  ],
  [body({ message: "Bad" }), "bad_request", 400],
  [
    body({ message: "Bad", type: "invalid_request_error", code: null }),
    "bad_request",
    400,
    "invalid_request_error",
  ],
  [
    body({ type: "invalid_request_error", code: "context_length_exceeded" }),
    "context_window",
    400,
    "context_length_exceeded",
  ],
  [
    body({ type: "insufficient_quota" }),
    "usage_limit",
    400,
    "insufficient_quota",
  ],
  [
    body({ code: null, param: "text.format.schema" }),
    "invalid_schema",
    400,
  ],
  [
    body({ code: "invalid_json_schema" }),
    "invalid_schema",
    400,
    "invalid_json_schema",
  ],
  [
    unexpected("403 Forbidden", body({ code: "insufficient_quota" })),
    "usage_limit",
    403,
    "insufficient_quota",
  ],
  [
    unexpected(
      "402 Payment Required",
      '{"detail":{"code":"deactivated_workspace"}}',
    ),
    "forbidden",
    402,
    "deactivated_workspace",
  ],
  [
    unexpected(
      "403 Forbidden",
      '{"detail":{"code":"odd"}}',
      ", cf-ray: a-b, request id: r, auth error: 403, auth error code: odd",
    ),
    "forbidden",
    403,
    "odd",
  ],
  [
    unexpected(
      "401 Unauthorized",
      '{"detail":"No"}',
      ", auth error: x, auth error code: token_expired",
    ),
    "unauthorized",
    401,
    "token_expired",
  ],
  // A body that came in chunks, as the CLI prints it when it tries WebSockets.
  [
    unexpected(
      "404 Not Found",
      `56\r\n${body({ code: "model_not_found" })}\r\n0`,
    ),
    "model_not_found",
    404,
    "model_not_found",
  ],
];

/** The CLI's sentences, and the service's messages about its models. */
const SENTENCES: readonly Row[] = [
  ["Connection failed: error sending request", "unreachable"],
  ["stream disconnected before completion: It broke", "disconnected"],
  [
    "stream disconnected before completion: Incomplete response returned, reason: content_filter",
    "other",
  ],
  ["Incomplete response returned, reason: max_output_tokens", "other"],
  ["rate limit exceeded: Slow down", "rate_limit"],
  ["You’ve hit your usage limit. Try again later.", "usage_limit"],
  ["You've hit your usage limit for X. Switch", "usage_limit"],
  [
    "You hit your spend cap set in your workspace. Increase it",
    "usage_limit",
  ],
  [
    "Your workspace is out of credits. Add credits to continue.",
    "usage_limit",
  ],
  [
    "Quota exceeded. Check your plan and billing details.",
    "usage_limit",
  ],
  [
    "To use Codex with your ChatGPT plan, upgrade to Plus: https://x",
    "usage_limit",
  ],
  [
    "We’re currently experiencing high demand, which may cause temporary errors.",
    "server_error",
  ],
  [
    "Selected model is at capacity. Please try a different model.",
    "overloaded",
  ],
  ["Flex capacity unavailable.", "overloaded"],
  [
    "Codex ran out of room in the model's context window. Start a new thread",
    "context_window",
  ],
  [
    "This request has been flagged for possible cybersecurity risk.",
    "cyber_policy",
  ],
  [
    "Your access token could not be refreshed. Please log out and sign in again.",
    "unauthorized",
  ],
  ["Missing environment variable: `MY_KEY`.", "unauthorized"],
  [
    "The model `gpt-x` does not exist or you do not have access to it.",
    "model_not_found",
  ],
  ["The requested model 'gpt-x' does not exist.", "model_not_found"],
  ["model_not_found", "model_not_found"],
  [
    unexpected("404 Not Found", "The model `gpt-x` does not exist"),
    "model_not_found",
    404,
  ],
  [
    "stream disconnected before completion: The model `gpt-x` does not exist",
    "model_not_found",
  ],
  [
    `{"detail":"The 'x' model is not supported when using Codex with a ChatGPT account."}`,
    "model_not_found",
    400,
  ],
  [
    `{"type":"error","status":400,"error":{"type":"invalid_request_error","message":"The 'x' model is not supported when using Codex with a ChatGPT account."}}`,
    "model_not_found",
    400,
    "invalid_request_error",
  ],
];

/** Messages that the CLI prints before it retries: the cause inside them counts. */
const RETRIES: readonly Row[] = [
  [
    "Reconnecting... 2/5 (stream disconnected before completion: It broke)",
    "disconnected",
  ],
  [
    "Reconnecting... waiting for network (Connection failed: error sending request)",
    "unreachable",
  ],
  [
    `Reconnecting... 1/5 (${unexpected("401 Unauthorized", "No")})`,
    "unauthorized",
    401,
  ],
  [
    `Reconnecting... 1/5 (${
      unexpected("403 Forbidden", body({ code: "insufficient_quota" }))
    })`,
    "usage_limit",
    403,
    "insufficient_quota",
  ],
  ["Reconnecting... 1/5 (Something else)", "other"],
  ["Reconnecting... 1/5", "other"],
];

/** Misleading text: only what the CLI itself reports counts. */
const LIES: readonly Row[] = [
  ["", "other"],
  ["Bad day", "other"],
  ["Fehler: Nutzungslimit erreicht", "other"],
  ["利用制限に達しました", "other"],
  ["I said: You’ve hit your usage limit.", "other"],
  ["it got unexpected status 401 Unauthorized: No", "other"],
  ["unexpected status abc: No", "other"],
  ["unexpected status 4011 Odd: No", "other"],
  [
    "<html><body>401 Unauthorized, rate limit exceeded: </body></html>",
    "other",
  ],
  // Text inside a body.
  [
    body({ message: "unexpected status 401 Unauthorized: No" }),
    "bad_request",
    400,
  ],
  [body({ message: "rate limit exceeded: x" }), "bad_request", 400],
  [
    unexpected("403 Forbidden", "You’ve hit your usage limit. rate limit"),
    "forbidden",
    403,
  ],
  [
    unexpected("502 Bad Gateway", "<html>401 Unauthorized</html>"),
    "server_error",
    502,
  ],
  [
    unexpected("401 Unauthorized", "The model `x` does not exist"),
    "unauthorized",
    401,
  ],
  [unexpected("401 Unauthorized", "キーが無効です"), "unauthorized", 401],
  // JSON inside text.
  [
    unexpected(
      "403 Forbidden",
      `see ${body({ code: "rate_limit_exceeded" })} there`,
    ),
    "forbidden",
    403,
  ],
  [
    `stream disconnected before completion: ${
      body({ code: "rate_limit_exceeded" })
    }`,
    "disconnected",
  ],
  [`It said ${body({ code: "invalid_api_key" })}`, "other"],
  [
    body({ message: body({ code: "invalid_api_key" }) }),
    "bad_request",
    400,
  ],
  [
    JSON.stringify({ error: { error: { code: "invalid_api_key" } } }),
    "bad_request",
    400,
  ],
  // Invalid codes.
  [body({ code: 401 }), "bad_request", 400],
  [body({ code: ["invalid_api_key"] }), "bad_request", 400],
  [body({ code: { code: "invalid_api_key" } }), "bad_request", 400],
  [body({ code: "Invalid API key!\u001b[31m" }), "bad_request", 400],
  [body({ code: "x".repeat(65) }), "bad_request", 400],
  [body({ code: "__proto__" }), "bad_request", 400],
  [body({ code: "constructor" }), "bad_request", 400, "constructor"],
  ['{"error":[{"code":"invalid_api_key"}]}', "bad_request", 400],
  ['{"error":null,"detail":[{"msg":"no"}]}', "bad_request", 400],
  ['{"__proto__":{"error":{"code":"invalid_api_key"}}}', "bad_request", 400],
  // An unknown code.
  [body({ code: "brand_new" }), "bad_request", 400, "brand_new"],
  // The CLI, not the body, determines the response's status.
  ['{"status":401,"error":{"message":"No"}}', "bad_request", 400],
];

for (
  const [title, rows] of Object.entries({
    structure: STRUCTURE,
    "a sentence": SENTENCES,
    "a retry": RETRIES,
    "nothing but the CLI's own report": LIES,
  })
) {
  for (
    const [message, reason, httpStatus = null, serviceCode = null] of rows
  ) {
    Deno.test(`readFailure reads ${title} in ${JSON.stringify(message).slice(0, 90)}`, () => {
      const read = readFailure(message);
      assertEquals(
        [read.reason, read.httpStatus, read.serviceCode],
        [reason, httpStatus, serviceCode],
      );
    });
  }
}

/** The failure kind that `codex app-server` reports, and the reason derived from it. */
const INFOS: readonly [
  info: JsonValue,
  reason: FailureReason,
  httpStatus?: number | null,
  words?: string,
][] = [
  ["contextWindowExceeded", "context_window"],
  ["usageLimitExceeded", "usage_limit"],
  ["rateLimitExceeded", "rate_limit"],
  ["serverOverloaded", "overloaded"],
  ["flexUnavailable", "overloaded"],
  ["modelNotFound", "model_not_found"],
  ["cyberPolicy", "cyber_policy"],
  ["internalServerError", "server_error"],
  ["unauthorized", "unauthorized"],
  ["badRequest", "bad_request"],
  ["sandboxError", "sandbox"],
  ["other", "other"],
  ["threadRollbackFailed", "other"],
  ["misalignmentPolicyViolation", "other"],
  ["brandNew", "other"],
  ["toString", "other"],
  [null, "other"],
  [7, "other"],
  [{}, "other"],
  [[], "other"],
  [{ brandNew: null }, "other"],
  [{ httpConnectionFailed: { httpStatusCode: null } }, "unreachable"],
  [{ httpConnectionFailed: { httpStatusCode: 403 } }, "forbidden", 403],
  [{ httpConnectionFailed: { httpStatusCode: "403" } }, "unreachable"],
  [{ httpConnectionFailed: { httpStatusCode: 404 } }, "other", 404],
  [
    { responseTooManyFailedAttempts: { httpStatusCode: 429 } },
    "rate_limit",
    429,
  ],
  [{ responseTooManyFailedAttempts: null }, "other"],
  [{ responseStreamDisconnected: { httpStatusCode: null } }, "disconnected"],
  [
    { responseStreamDisconnected: { httpStatusCode: 502 } },
    "server_error",
    502,
  ],
  // The message next to a kind that only says where the turn failed.
  [
    { responseStreamDisconnected: { httpStatusCode: null } },
    "rate_limit",
    null,
    "rate limit exceeded: Slow down",
  ],
  ["other", "disconnected", null, "stream disconnected before completion: x"],
  ["modelNotFound", "model_not_found", null, "Connection failed: not really"],
];

for (const [info, reason, httpStatus = null, words = "No luck"] of INFOS) {
  Deno.test(`readFailure reads ${JSON.stringify(info)} with ${words}`, () => {
    const read = readFailure(words, info);
    assertEquals([read.reason, read.httpStatus], [reason, httpStatus]);
  });
}

Deno.test("readFailure adds advice about a login after any message", () => {
  const advice = "; run codex login, or give apiKey";
  const short = unexpected("401 Unauthorized", "No");
  assertEquals(readFailure(short).message, short + advice);
  for (const said of ["x".repeat(100_000), "\n".repeat(100_000)]) {
    const { message } = readFailure(unexpected("401 Unauthorized", said));
    assert(message.endsWith(advice));
    assert(message.length < 2000);
  }
  assertEquals(
    readFailure("Missing environment variable: `MY_KEY`.").message,
    "Missing environment variable: `MY_KEY`.; give it in the option env",
  );
  assertEquals(
    readFailure(`Reconnecting... 1/5 (${short})`).message,
    `Reconnecting... 1/5 (${short})${advice}`,
  );
  const other = unexpected("403 Forbidden", "No");
  assertEquals(readFailure(other).message, other);
});

Deno.test("readFailure puts the service's message into its own, and keeps the body", () => {
  const json = body({ message: "No luck", code: "odd" });
  const read = readFailure(
    `Reconnecting... 1/5 (${unexpected("403 F", json)})`,
  );
  assertEquals(
    read.message,
    `Reconnecting... 1/5 (${unexpected("403 F", "No luck")})`,
  );
  assertEquals(read.httpBody, json);
  assertEquals(read.serviceMessage, "No luck");
  const large = readFailure(body({ code: "odd", more: "x".repeat(100_000) }));
  assert((large.httpBody ?? "").length < 17_000);
  assertEquals(large.serviceCode, "odd");
});

Deno.test("readFailure terminates for long, nested or repeated input", () => {
  const deep = `{"error":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  for (
    const words of [
      deep,
      "x".repeat(4_000_000),
      "(".repeat(4_000_000),
      "Reconnecting... 1/5 (".repeat(100_000),
      ", auth error code: a".repeat(100_000),
      `unexpected status 401 ${" ".repeat(2_000_000)}`,
      `The model \`${"x".repeat(2_000_000)}`,
      `Access blocked by Cloudflare.${"x".repeat(2_000_000)}`,
      `unexpected status 403 ${"x".repeat(1_000_000)}: {"a":1}`,
    ]
  ) {
    const before = performance.now();
    readFailure(words);
    assert(performance.now() - before < 5_000);
  }
});

Deno.test("Each sentence that readFailure knows matches an example, and names its source", () => {
  const rows = [...SENTENCES, ...STRUCTURE].map(([message]) =>
    readFailure(message).serviceMessage ?? message
  );
  for (
    const { pattern, seenIn } of [...FAILURE_SENTENCES, ...MODEL_SENTENCES]
  ) {
    assertStringIncludes(pattern.source, "^");
    assert(rows.some((message) => pattern.test(message)), String(pattern));
    assert(seenIn.length > 0);
  }
});
