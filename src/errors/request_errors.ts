import type { JsonValue } from "../protocol/json.ts";
import {
  type CauseOptions,
  CodexError,
  type ErrorClasses,
  nameErrors,
} from "./codex_error.ts";

/** Options of {@linkcode CodexRequestError}. */
export interface RequestErrorOptions extends CauseOptions {
  /** The condition that the error reports. */
  readonly code:
    | "request_refused"
    | "request_timeout"
    | "turn_not_running"
    | "thread_referenced";
  /** The method of the request. */
  readonly method: string;
  /** The server's error code, if it sent one. */
  readonly rpcCode?: number | null;
  /** The server's message, if it sent one. */
  readonly serverMessage?: string | null;
  /** The data that the server sent with its message, if any. */
  readonly data?: JsonValue;
}

/**
 * `codex app-server` rejected a request, or did not answer it in time.
 *
 * See docs/errors.md#thread_referenced, docs/errors.md#request_refused,
 * docs/errors.md#request_timeout, docs/errors.md#turn_not_running.
 */
export class CodexRequestError extends CodexError {
  /** The method of the request, such as `turn/steer`. */
  readonly method: string;
  /** The server's error code, such as -32600; `null` if it sent none. */
  readonly rpcCode: number | null;
  /** The server's message, without the client's secrets; `null` if it sent none. */
  readonly serverMessage: string | null;
  // It may be long, so a console does not print it with the error.
  readonly #data: JsonValue | undefined;

  /** Creates an error about a request. */
  constructor(message: string, options: RequestErrorOptions) {
    super(message, options);
    this.method = options.method;
    this.rpcCode = options.rpcCode ?? null;
    this.serverMessage = options.serverMessage ?? null;
    this.#data = options.data;
  }

  /** The data that the server sent with its message; `undefined` if it sent none. */
  get data(): JsonValue | undefined {
    return this.#data;
  }
}

/** The error classes of this module, by name. */
export const REQUEST_ERRORS: ErrorClasses = { CodexRequestError };

nameErrors(REQUEST_ERRORS);
