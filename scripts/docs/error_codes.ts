/**
 * What each code of an error means and what helps: docs/errors.md is made of it. A code
 * that is missing here does not compile.
 *
 * @module
 */

import type { CodexErrorCode } from "../../src/errors/codex_error.ts";

/** What is said of a code. */
export interface ErrorCodeHelp {
  /** The class of errors that has it. */
  readonly of: string;
  /** When it comes: one sentence. */
  readonly when: string;
  /** What to do about it, a step each. */
  readonly help: readonly string[];
}

/** Every code, in the order of the page. */
export const ERROR_CODES: { readonly [C in CodexErrorCode]: ErrorCodeHelp } = {
  // Before anything is started.
  invalid_input: {
    of: "CodexInputError",
    when:
      "A prompt, an image, an id or an option cannot be used. Nothing was started.",
    help: [
      "`error.path` names the value, such as `input[2].path` or `sandboxMode`; the message says what would be right.",
      "An image has to be there and whole: see [images](./images.md).",
    ],
  },
  unsupported_option: {
    of: "CodexUnsupportedOptionError",
    when:
      "The client that is used, or the CLI that was found, cannot do an option. `error.path` names it, `error.version` is the CLI's where that is the reason.",
    help: [
      "[Options](./options.md) says which client has which option.",
      "Where the CLI is too old for it: `npm install @openai/codex@latest`.",
    ],
  },
  invalid_config: {
    of: "CodexConfigError",
    when: "`config` cannot be handed to the CLI. Nothing was started.",
    help: ["`error.path` names the value; only what TOML can hold is taken."],
  },
  invalid_output_schema: {
    of: "CodexOutputSchemaError",
    when:
      "The output schema or type cannot be sent. A `CodexThreadRunError` with this code is the service's own refusal of a schema.",
    help: [
      "`error.path` is a JSON pointer to the place; the message says what to write instead.",
      "[Structured output](./structured_output.md) has a table of what works.",
    ],
  },
  executable_not_found: {
    of: "CodexExecutableNotFoundError",
    when: "The `codex` CLI is nowhere; `error.searched` lists the places.",
    help: [
      "`npm install @openai/codex` in your project, or `npm install -g @openai/codex`.",
      "Where it is somewhere else: the option `codexPathOverride`, or the variable `CODEX_PATH`.",
    ],
  },
  permission_denied: {
    of: "CodexPermissionError",
    when: "The runtime forbids what the turn needs.",
    help: [
      "`error.flag` is what to grant, such as `--allow-run=codex`.",
      "[Deno's permissions](./deno.md) lists them all.",
    ],
  },
  host_unavailable: {
    of: "CodexEnvironmentError",
    when:
      "The host lacks something: a folder for temporary files, the working directory, the worker of the blocking client.",
    help: [
      "`error.path` and `error.systemCode` say what, and why.",
      "In a bundle: leave the package out of it, see [the blocking client](./blocking.md).",
    ],
  },
  spawn_failed: {
    of: "CodexExecError",
    when: "The CLI was found and could not be started.",
    help: [
      "The message has the system's reason. The file may not be executable, or be made for another system.",
    ],
  },
  unsupported_cli: {
    of: "CodexExecError",
    when: "The CLI is too old for `CodexAppServer`.",
    help: ["`npm install @openai/codex@latest`, or use `Codex`."],
  },
  stream_not_consumed: {
    of: "CodexThreadStreamNotConsumedError",
    when: "`streamed.result` was read before all events had been taken.",
    help: ["Read it after the loop; or use `run()`."],
  },

  // How a turn ended.
  turn_failed: {
    of: "CodexThreadRunError",
    when: "The turn failed, in the CLI's words.",
    help: [
      "`error.reason` says why and `error.retryable` whether to try again: see [failures](./failures.md).",
      "`unauthorized`: see [log in](./login.md).",
    ],
  },
  turn_incomplete: {
    of: "CodexIncompleteTurnError",
    when: "The CLI exited with 0 and did not say that the turn is complete.",
    help: [
      "`error.items` has the work so far, `error.stderr` what the CLI said last.",
      "Go on: `codex.resumeThread(error.threadId)`.",
    ],
  },
  turn_interrupted: {
    of: "CodexInterruptedError",
    when:
      "The turn was interrupted: by `interrupt()`, by a decision to cancel, or by another client of the same server.",
    help: ["The thread can go on."],
  },
  ABORT_ERR: {
    of: "CodexCancelledError",
    when:
      "The signal was aborted. `error.cause` is its reason; `error.name` is `AbortError`.",
    help: ["`error.items` has the work so far, and the thread can go on."],
  },
  turn_timeout: {
    of: "CodexTimeoutError",
    when: "The turn took longer than `timeoutMs`.",
    help: [
      "`error.limitMs` is the limit, `error.items` the work so far; the thread can go on.",
      "`error.reason` has what the CLI was about to try again after, such as `unreachable`.",
    ],
  },
  idle_timeout: {
    of: "CodexIdleTimeoutError",
    when:
      "The CLI said nothing for `idleTimeoutMs`, while no command was running.",
    help: [
      "A model that thinks for long needs a longer limit.",
      "Without a network the CLI tries again without end: see [network](./network.md).",
    ],
  },
  exited: {
    of: "CodexExecError",
    when:
      "The CLI ended with a bad exit code, or by a signal: before its turn had begun, or in it.",
    help: [
      "The message and `error.stderr` have its reason; `error.exitCode` and `error.signal` say how it ended.",
      "`error.items` and `error.threadId` say how far it came: where there is a thread, go on with it.",
      "In a folder that is no Git repository: `skipGitRepoCheck: true`.",
    ],
  },

  // Threads.
  thread_not_found: {
    of: "CodexThreadNotFoundError",
    when: "The thread to go on with is not there.",
    help: [
      "Threads are kept in `CODEX_HOME`: it has to be the same one, and `ephemeral` threads are kept nowhere.",
    ],
  },
  thread_busy: {
    of: "CodexThreadBusyError",
    when: "Another process is writing to the thread.",
    help: [
      "Wait and try again; or go on with a copy: `codex.forkThread(id)`.",
      "A `CodexAppServer` keeps a thread for `threadKeepAliveMs` after its last turn.",
    ],
  },
  invalid_bundle: {
    of: "CodexThreadBundleError",
    when:
      "A bundle cannot be imported, or a thread not be put into one. Nothing was written.",
    help: [
      "The message, `error.fileName` and `error.lineNumber` say what is wrong: export the thread again, or take another copy of the bundle.",
      "A bundle that is too large for `maxBytes` may be right: see [threads that move](./threads.md).",
    ],
  },
  thread_exists: {
    of: "CodexThreadExistsError",
    when: "The thread is in the home already, and `onExisting` is `fail`.",
    help: ["Resume it, or leave `onExisting` out."],
  },
  thread_diverged: {
    of: "CodexThreadDivergedError",
    when:
      "The thread has gone on in two homes, each by itself. Nothing was written.",
    help: [
      "Go on with a copy in one of them: `codex.forkThread(id)`.",
      'Or give up the history that is there: `onExisting: "replace"`.',
    ],
  },
  thread_conflict: {
    of: "CodexThreadConflictError",
    when:
      "A store has another version of the thread than the one to be replaced.",
    help: [
      "Somebody else has gone on with the thread: stop, or load it and go on from there.",
    ],
  },
  thread_not_resumable: {
    of: "CodexThreadNotResumableError",
    when: "The thread is there and the CLI cannot go on with it.",
    help: ["Begin a new thread; the message has the CLI's reason."],
  },
  thread_referenced: {
    of: "CodexRequestError",
    when: "A thread cannot be deleted, since copies of it need it.",
    help: ["Delete the copies first, or archive it."],
  },

  // What the CLI printed.
  invalid_json: {
    of: "CodexProtocolError",
    when: "A line of the CLI's output is not what it began as: JSON.",
    help: [
      "Something else writes to the CLI's stdout, such as a wrapper around it; `error.lineNumber` says where.",
    ],
  },
  unexpected_event: {
    of: "CodexProtocolError",
    when: "With `strictEvents`: an event is not what this version knows.",
    help: ["Leave `strictEvents` out, or update this package."],
  },
  line_too_long: {
    of: "CodexLineTooLongError",
    when: "A line of the CLI's output is longer than `maxLineBytes`.",
    help: ["Raise `maxLineBytes`, if the line is a real one."],
  },
  invalid_structured_response: {
    of: "CodexStructuredResponseError",
    when: "The answer is not what the output schema or type asks for.",
    help: [
      "It comes from reading `turn.structuredResponse`, not from `run()`: keep that within the `try`.",
      "`error.issues` says what is wrong with it, each with a `path` (a JSON pointer, such as `/comments/0/line`) and a `message`; `error.responseText` is the answer.",
      "`repair: 2` sends a wrong answer back, up to twice.",
    ],
  },

  // A server.
  connection_failed: {
    of: "CodexConnectionError",
    when: "No connection to a server elsewhere could be made.",
    help: [
      "`error.reason` is `unauthorized` for a token that is not taken, and `unreachable` where nothing answers.",
    ],
  },
  connection_lost: {
    of: "CodexConnectionError",
    when: "The connection to a server elsewhere was lost during a turn.",
    help: [
      "It is made again by itself, and threads go on: run the turn again, or ask what has become of it.",
    ],
  },
  request_refused: {
    of: "CodexRequestError",
    when: "`codex app-server` refused a request; `error.method` names it.",
    help: ["The message has the server's reason."],
  },
  request_timeout: {
    of: "CodexRequestError",
    when:
      "`codex app-server` did not answer a request within `requestTimeoutMs`.",
    help: ["A server that hangs is ended by `close()`."],
  },
  turn_not_running: {
    of: "CodexRequestError",
    when: "`steer()` or `interrupt()` came before the turn, or after it.",
    help: ["Call them while events come."],
  },

  internal: {
    of: "CodexInternalError",
    when:
      "Something that cannot happen did: a defect of this package, or an unknown runtime.",
    help: ["Please report it, with `error.cause`."],
  },
};
