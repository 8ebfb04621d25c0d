import type { FailureFacts, FailureReason } from "../errors/failure_reason.ts";
import { isObject, type JsonObject, type JsonValue } from "../protocol/json.ts";
import { shorten } from "../util/text.ts";
import {
  FAILURE_SENTENCES,
  type FailureSentence,
  MODEL_SENTENCES,
} from "./failure_sentences.ts";
import { type HttpBody, readReason } from "./http_body.ts";

/** A failure as the CLI tells it. */
export interface ToldFailure extends FailureFacts {
  /** The message, with the service's own words in place of its body, and with what to do. */
  readonly message: string;
  /** The service's own words, where its body has some. */
  readonly serviceMessage: string | undefined;
}

/** What an answer of the service says beside its words. */
interface ServiceAnswer {
  /** Its status, as far as it is told. */
  readonly status: number | null;
  /** Its codes, the most telling one first. */
  readonly codes: readonly string[];
  /** Says that it is about the output schema. */
  readonly isAboutSchema: boolean;
}

/** The CLI's word for the kind of failure, as `codex app-server` tells it, and the failure. */
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

/** Those that only say where it failed: what else is told comes first, and an answer with a status is a connection. */
const VAGUE_INFOS: ReadonlyMap<string, FailureReason> = new Map([
  ["badRequest", "bad_request"],
  ["httpConnectionFailed", "unreachable"],
  ["responseStreamConnectionFailed", "disconnected"],
  ["responseStreamDisconnected", "disconnected"],
]);

/** Codes and types of the service, and the failure. */
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

/** Statuses that say enough. */
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

/** Statuses of a request that is wrong in any way, and words may tell which. */
const VAGUE_STATUSES: ReadonlyMap<number, FailureReason> = new Map([
  [400, "bad_request"],
  [413, "bad_request"],
  [415, "bad_request"],
  [422, "bad_request"],
]);

/** What to do about a failure, where its words do not say it. */
const ADVICE: ReadonlyMap<FailureReason, string> = new Map([
  ["unauthorized", "run codex login, or give apiKey"],
]);

/** The most of a message that stands before advice, in characters: what is to be done has to fit in. */
const MAX_ADVISED_LENGTH = 1300;

/** The CLI's notice that it tries again, and why (facts F3). */
const RETRY =
  /^(Reconnecting\.\.\. (?:\d+\/\d+|waiting for network) \()([^]*)(\))$/;

/** The beginning of a message that is about an answer with a status, up to its body. */
const STATUS_LINE =
  /^(?:unexpected status |exceeded retry limit, last status: |Failed to refresh token: |Access blocked by Cloudflare\.[^()]*\(status )(\d{3})\b/;

/** All that stands before a body; one that came in chunks begins with its length. */
const BEFORE_BODY = /^unexpected status \d{3} [^:]*: (?:[\da-f]+\r\n)?$/;

/** The words before those of the service. */
const BEFORE_WORDS =
  /^(?:unexpected status (?:400|404) [^:]*|stream disconnected before completion): /;

/** The service's code for a login that it does not take, behind everything else. */
const AUTH_CODE = /, auth error code: ([^,]+)$/;

/** A code: a name, and nothing that somebody has written. */
const NAME = /^[A-Za-z][\w.-]{0,63}$/;

/**
 * Reads a failure in a message of the CLI: the structure in it first, which are the word
 * of `codex app-server` for its kind, the codes in the body of an answer and its status,
 * and the sentences that are known last (facts F46). What none of them tells is `other`.
 *
 * @param words The message of a failed turn, or of an `error` event.
 * @param errorInfo The CLI's word for its kind, where it has one.
 */
export function readFailure(
  words: string,
  errorInfo?: JsonValue,
): ToldFailure {
  const [, before = "", said = words, after = ""] = RETRY.exec(words) ?? [];
  const { message, httpBody, body, words: serviceMessage } = readReason(said);
  const told = `${before}${message}${after}`;
  const info = readInfo(errorInfo);
  const answer = readAnswer(said, body, info.status);
  const modelWords = serviceMessage ?? said.replace(BEFORE_WORDS, "");
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
  return sentences.find(({ words }) => words.test(message));
}

/** Reads the CLI's word for a failure: a string, or the key of an object with the status in it. */
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

/** Reads what is told of an answer of the service; its words, and what is in them, say nothing. */
function readAnswer(
  message: string,
  found: HttpBody | undefined,
  infoStatus: number | null,
): ServiceAnswer {
  // A bare body is that of an answer with status 400 (facts F14).
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

/** Tells whether an error is about the parameter of the output schema. */
function isAboutSchema({ param }: JsonObject): boolean {
  return typeof param === "string" &&
    /^(?:text\.format|response_format)\b/.test(param);
}

function readStatus(status: number | null): FailureReason | undefined {
  if (status === null) return undefined;
  return STATUSES.get(status) ?? (status >= 500 ? "server_error" : undefined);
}
