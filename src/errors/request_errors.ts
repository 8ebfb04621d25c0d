import type { JsonValue } from "../protocol/json.ts";
import {
  type CauseOptions,
  CodexError,
  type ErrorClasses,
  nameErrors,
} from "./codex_error.ts";

/** Options of {@linkcode CodexRequestError}. */
export interface RequestErrorOptions extends CauseOptions {
  /** The condition that it is about. */
  readonly code:
    | "request_refused"
    | "request_timeout"
    | "turn_not_running"
    | "thread_referenced";
  /** The request. */
  readonly method: string;
  /** The server's code for the reason, if it gave one. */
  readonly rpcCode?: number | null;
  /** What the server says beside its message, if anything. */
  readonly data?: JsonValue;
}

/**
 * `codex app-server` refused a request, or did not answer it in time.
 *
 * What helps: docs/errors.md#thread_referenced, docs/errors.md#request_refused, docs/errors.md#request_timeout, docs/errors.md#turn_not_running.
 */
export class CodexRequestError extends CodexError {
  /** The request, such as `turn/steer`. */
  readonly method: string;
  /** The server's code for the reason, such as -32600; `null` where it gave none. */
  readonly rpcCode: number | null;
  // It may be long: it stays out of what a console prints of the error.
  readonly #data: JsonValue | undefined;

  /** Makes an error about a request. */
  constructor(message: string, options: RequestErrorOptions) {
    super(message, options);
    this.method = options.method;
    this.rpcCode = options.rpcCode ?? null;
    this.#data = options.data;
  }

  /** What the server says beside its message; `undefined` where it says nothing. */
  get data(): JsonValue | undefined {
    return this.#data;
  }
}

/** The classes of errors of this module, by their names. */
export const REQUEST_ERRORS: ErrorClasses = { CodexRequestError };

nameErrors(REQUEST_ERRORS);
