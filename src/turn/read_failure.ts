import type { FailureFacts, FailureReason } from "../errors/failure_reason.ts";
import { isObject, type JsonObject, type JsonValue } from "../protocol/json.ts";
import { shorten } from "../util/text.ts";
import {
  FAILURE_SENTENCES,
  type FailureSentence,
  MODEL_SENTENCES,
} from "./failure_sentences.ts";
import { type HttpBody, readReason } from "./http_body.ts";

/** A failure as the CLI reports it. */
export interface ReportedFailure extends FailureFacts {
  /**
   * The message, with the service's body replaced by the service's own message, and with
   * advice.
   */
  readonly message: string;
  /** The service's own message, if its body contains one. */
  readonly serviceMessage: string | undefined;
}

/** Facts about a response of the service, apart from its message. */
interface ServiceAnswer {
  /** The HTTP status; `null` if it is unknown. */
  readonly status: number | null;
  /** The error codes, the most specific one first. */
  readonly codes: readonly string[];
  /** True if the error is about the output schema. */
  readonly isAboutSchema: boolean;
}

/** Reasons by the kind of failure that `codex app-server` reports. */
const INFOS: ReadonlyMap<string, FailureReason> = new Map([
  ["contextWindowExceeded", "context_window"],
  ["cyberPolicy", "cyber_policy"],
  ["flexUnavailable", "overloaded"],
  ["internalServerError", "server_error"],
  ["modelNotFound", "model_not_found"],
  ["rateLimitExceeded", "rate_limit"],
  ["sandboxError", "sandbox"],
  ["serverOverloaded", "overloaded"],
  ["unauthorized", "unauthorized"],
  ["usageLimitExceeded", "usage_limit"],
]);

/**
 * Reasons by kinds that only say where the request failed. They count after all other
 * evidence, and only without a status: a response with a status proves a connection.
 */
const VAGUE_INFOS: ReadonlyMap<string, FailureReason> = new Map([
  ["badRequest", "bad_request"],
  ["httpConnectionFailed", "unreachable"],
  ["responseStreamConnectionFailed", "disconnected"],
  ["responseStreamDisconnected", "disconnected"],
]);

/** Reasons by the service's error codes and error types. */
const CODES: ReadonlyMap<string, FailureReason> = new Map([
  ["billing_hard_limit_reached", "usage_limit"],
  ["context_length_exceeded", "context_window"],
  ["cyber_policy", "cyber_policy"],
  ["deactivated_workspace", "forbidden"],
  ["insufficient_quota", "usage_limit"],
  ["invalid_api_key", "unauthorized"],
  ["invalid_json_schema", "invalid_schema"],
  ["model_not_found", "model_not_found"],
  ["rate_limit_exceeded", "rate_limit"],
  ["server_error", "server_error"],
  ["server_is_overloaded", "overloaded"],
  ["slow_down", "rate_limit"],
  ["token_expired", "unauthorized"],
  ["unsupported_country_region_territory", "forbidden"],
  ["usage_limit_reached", "usage_limit"],
  ["usage_not_included", "usage_limit"],
]);

/** Reasons by HTTP status, for statuses that are unambiguous. */
const STATUSES: ReadonlyMap<number, FailureReason> = new Map([
  [401, "unauthorized"],
  [402, "usage_limit"],
  [403, "forbidden"],
  [408, "disconnected"],
  [429, "rate_limit"],
  [501, "other"],
  [503, "overloaded"],
  [505, "other"],
  [529, "overloaded"],
]);

/**
 * Reasons by HTTP status, for requests that may be wrong in any way; the message may say
 * in which.
 */
const VAGUE_STATUSES: ReadonlyMap<number, FailureReason> = new Map([
  [400, "bad_request"],
  [413, "bad_request"],
  [415, "bad_request"],
  [422, "bad_request"],
]);

/** Advice by reason, for failures whose message does not say what to do. */
const ADVICE: ReadonlyMap<FailureReason, string> = new Map([
  ["unauthorized", "run codex login, or give apiKey"],
]);

/** The longest message in front of advice, in characters: the advice must fit in too. */
const MAX_ADVISED_LENGTH = 1300;

/** The CLI's notice that it retries, and why (facts F3). */
const RETRY =
  /^(Reconnecting\.\.\. (?:\d+\/\d+|waiting for network) \()([^]*)(\))$/;

/** The beginning of a message about a response with a status, up to the status. */
const STATUS_LINE =
  /^(?:unexpected status |exceeded retry limit, last status: |Failed to refresh token: |Access blocked by Cloudflare\.[^()]*\(status )(\d{3})\b/;

/** The text before a body; a chunked body begins with its length. */
const BEFORE_BODY = /^unexpected status \d{3} [^:]*: (?:[\da-f]+\r\n)?$/;

/** The text before the service's message. */
const MESSAGE_PREFIX =
  /^(?:unexpected status (?:400|404) [^:]*|stream disconnected before completion): /;

/** The service's code for a login that it rejects, at the end of the message. */
const AUTH_CODE = /, auth error code: ([^,]+)$/;

/** A code: a name, not free text. */
const NAME = /^[A-Za-z][\w.-]{0,63}$/;

/**
 * Reads a failure from a message of the CLI. Structured facts come first: the kind that
 * `codex app-server` reports, then the codes in the response's body, then its status.
 * Known messages come last (facts F46). Any other failure is `other`.
 *
 * @param words The message of a failed turn, or of an `error` event.
 * @param errorInfo The kind of failure as `codex app-server` reports it, if it does.
 */
export function readFailure(
  words: string,
  errorInfo?: JsonValue,
): ReportedFailure {
  const [, before = "", said = words, after = ""] = RETRY.exec(words) ?? [];
  const { message, httpBody, body, serviceMessage: serviceMessage } =
    readReason(said);
  const told = `${before}${message}${after}`;
  const info = readInfo(errorInfo);
  const answer = readAnswer(said, body, info.status);
  const modelWords = serviceMessage ?? said.replace(MESSAGE_PREFIX, "");
  const sentence = find(FAILURE_SENTENCES, said);
  const isModel = find(MODEL_SENTENCES, modelWords) !== undefined;
  const reason = INFOS.get(info.name) ??
    readCodes(answer) ??
    readStatus(answer.status) ??
    (isModel ? "model_not_found" : undefined) ??
    sentence?.reason ??
    VAGUE_STATUSES.get(answer.status ?? 0) ??
    (answer.status === null ? VAGUE_INFOS.get(info.name) : undefined) ??
    "other";
  const advice = sentence?.advice ?? ADVICE.get(reason);
  return {
    message: advice === undefined
      ? told
      : `${shorten(told, MAX_ADVISED_LENGTH)}; ${advice}`,
    serviceMessage,
    reason,
    httpStatus: answer.status,
    serviceCode: answer.codes[0] ?? null,
    httpBody,
  };
}

function find(
  sentences: readonly FailureSentence[],
  message: string,
): FailureSentence | undefined {
  return sentences.find(({ pattern }) => pattern.test(message));
}

/**
 * Reads the CLI's kind of failure: a string, or the key of an object that contains the
 * status.
 */
function readInfo(
  info: JsonValue | undefined,
): { readonly name: string; readonly status: number | null } {
  if (typeof info === "string") return { name: info, status: null };
  const [name, details] = isObject(info) ? Object.entries(info)[0] ?? [] : [];
  const status = isObject(details) ? details.httpStatusCode : null;
  return {
    name: name ?? "",
    status: typeof status === "number" ? status : null,
  };
}

/**
 * Reads the facts about a response of the service; the text of its message is not
 * evidence.
 */
function readAnswer(
  message: string,
  found: HttpBody | undefined,
  infoStatus: number | null,
): ServiceAnswer {
  // A body without other text is that of a response with status 400 (facts F14).
  const isBare = found !== undefined &&
    (found.before + found.after).trim() === "";
  const [, status = isBare ? "400" : null] = STATUS_LINE.exec(message) ?? [];
  const isBody = isBare || BEFORE_BODY.test(found?.before ?? "");
  const body = isBody ? found?.json : undefined;
  const [, authCode] = status === null ? [] : AUTH_CODE.exec(message) ?? [];
  const error = isObject(body?.error) ? body.error : {};
  const detail = isObject(body?.detail) ? body.detail : {};
  return {
    status: status === null ? infoStatus : Number(status),
    codes: [error.code, detail.code, body?.code, authCode, error.type].filter((
      code,
    ): code is string => typeof code === "string" && NAME.test(code)),
    isAboutSchema: isAboutSchema(error),
  };
}

function readCodes(
  { codes, isAboutSchema }: ServiceAnswer,
): FailureReason | undefined {
  const known = codes.map((code) => CODES.get(code))
    .find((reason) => reason !== undefined);
  return known ?? (isAboutSchema ? "invalid_schema" : undefined);
}

/** Tells whether an error is about the output schema parameter. */
function isAboutSchema({ param }: JsonObject): boolean {
  return typeof param === "string" &&
    /^(?:text\.format|response_format)\b/.test(param);
}

function readStatus(status: number | null): FailureReason | undefined {
  if (status === null) return undefined;
  return STATUSES.get(status) ?? (status >= 500 ? "server_error" : undefined);
}
