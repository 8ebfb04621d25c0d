import { type ErrorClasses, nameErrors } from "./codex_error.ts";
import { CodexTurnError, type TurnErrorOptions } from "./turn_errors.ts";

/** Options of {@linkcode CodexConnectionError}. */
export interface ConnectionErrorOptions extends TurnErrorOptions {
  /** The condition: no connection could be made, or the connection was lost. */
  readonly code: "connection_failed" | "connection_lost";
}

/**
 * There is no connection to a server elsewhere. `reason` is `unauthorized` if the server
 * rejects the token or requires one, `unreachable` if it cannot be reached, and
 * `disconnected` if the connection was lost.
 *
 * See docs/errors.md#connection_failed, docs/errors.md#connection_lost.
 */
export class CodexConnectionError extends CodexTurnError {
  /** Creates an error about a connection. */
  constructor(message: string, options: ConnectionErrorOptions) {
    super(message, options);
  }
}

/** The error classes of this module, by name. */
export const CONNECTION_ERRORS: ErrorClasses = { CodexConnectionError };

nameErrors(CONNECTION_ERRORS);
