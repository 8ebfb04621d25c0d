/**
 * The meaning of each error code and what to do about it: the source of docs/errors.md. If
 * a code is missing here, this file does not compile.
 *
 * @module
 */

import type { CodexErrorCode } from "../../src/errors/codex_error.ts";

/** The page's entry for a code. */
export interface ErrorCodeHelp {
  /** The error class that has the code. */
  readonly of: string;
  /** When it occurs. */
  readonly when: string;
  /** What to do about it, one step each. */
  readonly help: readonly string[];
}

/** Every code, in the order of the page. */
export const ERROR_CODES: { readonly [C in CodexErrorCode]: ErrorCodeHelp } = {
  // Before anything is started.
  invalid_input: {
    of: "CodexInputError",
    when:
      "A prompt, an image, an id, a folder or an option is invalid. No turn was started.",
    help: [
      "`error.path` names the value, such as `input[2].path` or `sandboxMode`; the message says what to write instead.",
      "An image has to exist and be complete: see [images](./images.md).",
    ],
  },
  unsupported_option: {
    of: "CodexUnsupportedOptionError",
    when:
      "The client or the installed CLI does not support an option. `error.path` names the option; `error.version` is the CLI's version if the CLI is the reason.",
    help: [
      "[Options](./options.md) says which client has which option.",
      "If the CLI is too old: `npm install @openai/codex@latest`.",
    ],
  },
  invalid_config: {
    of: "CodexConfigError",
    when:
      "`config` has a value that cannot be sent to the CLI. Nothing was started.",
    help: [
      "`error.path` names the value; use only values that TOML can represent.",
    ],
  },
  invalid_output_schema: {
    of: "CodexOutputSchemaError",
    when:
      "The output schema or type cannot be sent. If the service itself rejects a schema, the error is a `CodexThreadRunError` with this code.",
    help: [
      "`error.path` is a JSON pointer to the place; the message says what to write instead.",
      "[Structured output](./structured_output.md) has a table of what works.",
    ],
  },
  executable_not_found: {
    of: "CodexExecutableNotFoundError",
    when: "The `codex` CLI was not found; `error.searched` lists the places.",
    help: [
      "`npm install @openai/codex` in your project, or `npm install -g @openai/codex`.",
      "If it is installed somewhere else, set the option `codexPathOverride` or the variable `CODEX_PATH`.",
    ],
  },
  permission_denied: {
    of: "CodexPermissionError",
    when: "The runtime does not permit what the turn needs.",
    help: [
      "`error.flag` is the permission to grant, such as `--allow-run=codex`.",
      "[Deno's permissions](./deno.md) lists them all.",
    ],
  },
  host_unavailable: {
    of: "CodexEnvironmentError",
    when:
      "Something is missing on this machine: a folder for temporary files, the working directory, the worker of the blocking client.",
    help: [
      "`error.path` and `error.systemCode` say what is missing and why.",
      "If you bundle your program, leave the package out of the bundle: see [the blocking client](./blocking.md).",
    ],
  },
  spawn_failed: {
    of: "CodexExecError",
    when: "The CLI was found but could not be started.",
    help: [
      "The message has the system's reason: for example, the file is not executable or was built for another system.",
    ],
  },
  unsupported_cli: {
    of: "CodexExecError",
    when: "The CLI is too old for `CodexAppServer`.",
    help: ["`npm install @openai/codex@latest`, or use `Codex`."],
  },
  stream_not_consumed: {
    of: "CodexThreadStreamNotConsumedError",
    when: "`streamed.result` was read before all events were consumed.",
    help: ["Read it after the loop, or use `run()`."],
  },

  // How a turn ended.
  turn_failed: {
    of: "CodexThreadRunError",
    when: "The turn failed; the message is the CLI's.",
    help: [
      "`error.reason` says why, and `error.retryable` whether a retry can help: see [failures](./failures.md).",
      "For the reason `unauthorized`, see [login](./login.md).",
    ],
  },
  turn_incomplete: {
    of: "CodexIncompleteTurnError",
    when:
      "The CLI stopped without reporting that the turn is complete: it exited with 0 or closed its output, or the connection to a server elsewhere was lost.",
    help: [
      "`error.items` has the work so far, `error.stderr` the CLI's last output.",
      "To continue: `codex.resumeThread(error.threadId)`.",
    ],
  },
  turn_interrupted: {
    of: "CodexInterruptedError",
    when:
      "The turn was interrupted: by `interrupt()`, by a decision to cancel, or by another client of the same server.",
    help: ["The thread can be used again."],
  },
  ABORT_ERR: {
    of: "CodexCancelledError",
    when:
      "The signal was aborted. `error.cause` is its reason; `error.name` is `AbortError`.",
    help: [
      "`error.items` has the work so far, and the thread can be used again.",
    ],
  },
  turn_timeout: {
    of: "CodexTimeoutError",
    when: "The turn took longer than `timeoutMs`.",
    help: [
      "`error.limitMs` is the limit, `error.items` the work so far; the thread can be used again.",
      "If the CLI was about to retry, `error.reason` is the failure it was retrying after, such as `unreachable`.",
    ],
  },
  idle_timeout: {
    of: "CodexIdleTimeoutError",
    when:
      "No event arrived for `idleTimeoutMs` while no command or tool was running.",
    help: [
      "A model that thinks for a long time needs a longer limit.",
      "Attempts to reconnect are events: without a network the error is usually a `turn_timeout`. See [network](./network.md#without-a-network).",
    ],
  },
  exited: {
    of: "CodexExecError",
    when:
      "The CLI ended with a non-zero exit code or by a signal, before its turn began or during it.",
    help: [
      "The message and `error.stderr` have the reason; `error.exitCode` and `error.signal` say how it ended.",
      "`error.items` and `error.threadId` say how far it got. If there is a thread, resume it.",
    ],
  },

  // Threads.
  thread_not_found: {
    of: "CodexThreadNotFoundError",
    when: "The thread to resume does not exist.",
    help: [
      "Threads are stored in `CODEX_HOME`, so it has to be the same one. `ephemeral` threads are not stored.",
    ],
  },
  thread_busy: {
    of: "CodexThreadBusyError",
    when: "Another process is writing to the thread.",
    help: [
      "Wait and try again, or continue with a copy: `codex.forkThread(id)`.",
      "A `CodexAppServer` keeps a thread for `threadKeepAliveMs` after its last turn.",
    ],
  },
  invalid_bundle: {
    of: "CodexThreadBundleError",
    when:
      "A bundle cannot be imported, or a thread cannot be exported. Nothing was written.",
    help: [
      "The message, `error.fileName` and `error.lineNumber` say what is wrong. Export the thread again, or use another copy of the bundle.",
      "If a valid bundle is larger than `maxBytes`, raise it: see [moving threads](./threads.md).",
    ],
  },
  thread_exists: {
    of: "CodexThreadExistsError",
    when: "The home already has the thread, and `onExisting` is `fail`.",
    help: ["Resume it, or leave `onExisting` out."],
  },
  thread_diverged: {
    of: "CodexThreadDivergedError",
    when:
      "The thread was continued in two homes separately. Nothing was written.",
    help: [
      "Continue with a copy in one of them: `codex.forkThread(id)`.",
      'Or discard the history in this home: `onExisting: "replace"`.',
    ],
  },
  thread_conflict: {
    of: "CodexThreadConflictError",
    when:
      "The store has a different version of the thread than the one to be replaced.",
    help: [
      "Another program has continued the thread: stop, or load it and continue from there.",
    ],
  },
  thread_not_resumable: {
    of: "CodexThreadNotResumableError",
    when: "The thread exists but the CLI cannot resume it.",
    help: ["Start a new thread. The message has the CLI's reason."],
  },
  thread_referenced: {
    of: "CodexRequestError",
    when: "A thread cannot be deleted because copies depend on it.",
    help: ["Delete the copies first, or archive it."],
  },

  // What the CLI printed.
  invalid_json: {
    of: "CodexProtocolError",
    when: "A line of the CLI's output begins like JSON but is not valid JSON.",
    help: [
      "Something else writes to the CLI's stdout, such as a wrapper. `error.lineNumber` is the line.",
    ],
  },
  unexpected_event: {
    of: "CodexProtocolError",
    when:
      "With `strictEvents`: this version does not know an event, or its form.",
    help: ["Leave `strictEvents` out, or update this package."],
  },
  line_too_long: {
    of: "CodexLineTooLongError",
    when: "A line of the CLI's output is longer than `maxLineBytes`.",
    help: ["If the line is genuine output, raise `maxLineBytes`."],
  },
  invalid_structured_response: {
    of: "CodexStructuredResponseError",
    when: "The answer does not match the output schema or type.",
    help: [
      "Reading `turn.structuredResponse` throws it, not `run()`: read the answer inside the `try`.",
      "`error.issues` lists the problems, each with a `path` (a JSON pointer, such as `/comments/0/line`) and a `message`; `error.responseText` is the answer.",
      "`repair: 2` sends an invalid answer back, up to twice.",
    ],
  },

  // A server.
  connection_failed: {
    of: "CodexConnectionError",
    when: "The client could not connect to a server elsewhere.",
    help: [
      "`error.reason` is `unauthorized` if the token was rejected and `unreachable` if nothing answers.",
    ],
  },
  connection_lost: {
    of: "CodexConnectionError",
    when:
      "The connection to a server elsewhere was lost before a request was answered. A turn that was already running ends with `turn_incomplete` and the reason `disconnected`.",
    help: [
      "The next turn reconnects, and threads can be resumed: try again.",
    ],
  },
  request_refused: {
    of: "CodexRequestError",
    when: "`codex app-server` rejected a request; `error.method` names it.",
    help: ["The message has the server's reason."],
  },
  request_timeout: {
    of: "CodexRequestError",
    when:
      "`codex app-server` did not answer a request within `requestTimeoutMs`.",
    help: ["If the server hangs, `close()` ends it."],
  },
  turn_not_running: {
    of: "CodexRequestError",
    when:
      "`steer()` or `interrupt()` was called before the turn started or after it ended.",
    help: ["Call them while events arrive."],
  },

  internal: {
    of: "CodexInternalError",
    when:
      "Something happened that should be impossible: a bug in this package, or an unknown runtime.",
    help: ["Please report it, with `error.cause`."],
  },
};
