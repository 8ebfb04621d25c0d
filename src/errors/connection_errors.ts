import { type ErrorClasses, nameErrors } from "./codex_error.ts";
import { CodexTurnError, type TurnErrorOptions } from "./turn_errors.ts";

/** Options of {@linkcode CodexConnectionError}. */
export interface ConnectionErrorOptions extends TurnErrorOptions {
  /** The condition: no connection could be made, or it was lost. */
  readonly code: "connection_failed" | "connection_lost";
}

/**
 * There is no connection to a server elsewhere. `reason` is `unauthorized` where it takes
 * no token, or another one, `unreachable` where it cannot be reached, and `disconnected`
 * where the connection was lost.
 *
 * What helps: docs/errors.md#connection_failed, docs/errors.md#connection_lost.
 */
export class CodexConnectionError extends CodexTurnError {
  /** Makes an error about a connection. */
  constructor(message: string, options: ConnectionErrorOptions) {
    super(message, options);
  }
}

/** The classes of errors of this module, by their names. */
export const CONNECTION_ERRORS: ErrorClasses = { CodexConnectionError };

nameErrors(CONNECTION_ERRORS);
