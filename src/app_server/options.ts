import type {
  CodexOptions,
  ThreadOptions,
  TurnOptions,
} from "../options/options.ts";
import type { OptionRows, OptionTable, TextRow } from "../options/row.ts";
import {
  CODEX_OPTIONS,
  MAX_TIMER_MS,
  type OptionTables,
  THREAD_OPTIONS,
  TURN_OPTIONS,
} from "../options/table.ts";
import type { RateLimits } from "./account/account.ts";
import type { ApprovalHandler } from "./approval.ts";
import type { ElicitationHandler } from "./elicitation.ts";
import type { Connect } from "./line_source.ts";

/** A message of the server that does not concern a turn. */
export type ServerNotice =
  | {
    /** Reports that a setting was ignored, or that the host lacks something. */
    readonly type: "config_warning";
    /** The server's message. */
    readonly message: string;
  }
  | {
    /** Reports that a feature in use will be removed. */
    readonly type: "deprecation";
    /** The server's message. */
    readonly message: string;
  }
  | {
    /** Reports that an MCP server could not be started. */
    readonly type: "mcp_server_failed";
    /** The MCP server's name in the configuration. */
    readonly server: string;
    /** The server's message. */
    readonly message: string;
    /** The id of the thread that it was started for; `null` for none. */
    readonly threadId: string | null;
  }
  | {
    /** Reports the current use of the account's rate limits. */
    readonly type: "rate_limits";
    /** The limits. */
    readonly limits: RateLimits;
  };

/** Options of {@linkcode CodexAppServer}: those of {@linkcode Codex}, and its own. */
export interface CodexAppServerOptions extends CodexOptions {
  /**
   * A server to use that somebody else runs: the `ws:` or `wss:` address of a
   * `codex app-server --listen`, or a function that opens a connection. The client then
   * looks for no CLI, folders are the server's, and `close()` ends only this client's turns
   * and its connection. Options about the process (`codexPathOverride`, `env`, `envMode`,
   * `apiKey`, `baseUrl`, `config`, `configOverrides`, `features`, `strictConfig`, `oss`,
   * `localProvider`, `endWithHost`, `keepAliveMs`, `onStderr`, `onSpawn`, `onExit`) are
   * rejected.
   *
   * On Node 20, an address needs the package `ws`.
   *
   * @default {undefined} The client starts a server
   */
  connect?: string | Connect | undefined;
  /**
   * The token that the server at an address asks for, or a function that returns one for
   * each connection, such as for tokens that expire. Over `ws:`, it is only sent to the
   * local machine.
   */
  token?: string | (() => string | Promise<string>) | undefined;
  /**
   * Milliseconds that the server keeps running without a turn, so that a program that
   * forgets `close()` ends.
   *
   * @default {5000}
   */
  keepAliveMs?: number | undefined;
  /**
   * Milliseconds that a thread stays loaded after its last turn. Until then, `codex exec`
   * or another server cannot use it.
   *
   * @default {60000}
   */
  threadKeepAliveMs?: number | undefined;
  /**
   * Milliseconds that the server may take to answer a request.
   *
   * @default {30000}
   */
  requestTimeoutMs?: number | undefined;
  /**
   * Receives messages that do not concern a turn: ignored settings, deprecations, MCP
   * servers that failed to start, rate limits. Errors that it throws are ignored.
   */
  onNotice?: ((notice: ServerNotice) => void) | undefined;
}

/** The handlers of the agent's requests, for a thread or for one turn. */
export interface ServerHandlers {
  /**
   * Decides on actions that the agent may not take without approval. With it,
   * `approvalPolicy` defaults to `on-request`; without it, nothing is asked and nothing is
   * approved.
   */
  onApproval?: ApprovalHandler | undefined;
  /**
   * Answers questions of MCP servers, for values or to visit a page; without it they are
   * declined. With it and without `onApproval`, only these questions are asked, unless
   * `approvalPolicy` is given.
   */
  onElicitation?: ElicitationHandler | undefined;
  /**
   * Milliseconds that a handler may take; after that, the answer is `decline`.
   *
   * @default {undefined} No limit except the turn's
   */
  answerTimeoutMs?: number | undefined;
}

/** Options of a thread on the server: those of any thread, and the handlers. */
export interface ServerThreadOptions extends ThreadOptions, ServerHandlers {}

/** Options of a turn on the server: those of any turn, and its own. */
export interface ServerTurnOptions<T = unknown>
  extends TurnOptions<T>, ServerHandlers {
  /**
   * Yields pieces of messages, of reasoning and of output between the events, as they
   * arrive.
   *
   * @default {false}
   */
  deltas?: boolean | undefined;
}

const HANDLERS = {
  onApproval: { kind: "function" },
  onElicitation: { kind: "function" },
  answerTimeoutMs: { kind: "count", min: 1, max: MAX_TIMER_MS },
} satisfies OptionTable<ServerHandlers>;

/** The values of `approvalPolicy` on the server; `codex exec` has others, as it cannot ask anybody. */
const APPROVAL_POLICY = {
  kind: "text",
  oneOf: ["never", "on-request", "untrusted"],
  withdrawn: {
    "on-failure": 'codex app-server does not accept it; use "on-request"',
  },
} satisfies TextRow<NonNullable<ThreadOptions["approvalPolicy"]>>;

/** Writes the error text for a flag that the subcommand does not accept. */
function unsupported(what: string): string {
  return `codex app-server ${what}; use Codex, which runs codex exec`;
}

/** The options of a client, with the unsupported ones marked (facts A30). */
const SERVER_CODEX_OPTIONS = {
  ...CODEX_OPTIONS,
  profile: {
    ...CODEX_OPTIONS.profile,
    unsupported: unsupported("has no --profile"),
  },
  ignoreUserConfig: {
    ...CODEX_OPTIONS.ignoreUserConfig,
    unsupported: unsupported("has no --ignore-user-config"),
  },
  ignoreRules: {
    ...CODEX_OPTIONS.ignoreRules,
    unsupported: unsupported("has no --ignore-rules"),
  },
  hermetic: {
    ...CODEX_OPTIONS.hermetic,
    unsupported: unsupported(
      "has neither --ignore-user-config nor --ignore-rules",
    ),
  },
  extraArgs: {
    ...CODEX_OPTIONS.extraArgs,
    unsupported: unsupported("accepts none of the flags of codex exec"),
  },
} satisfies OptionRows;

/** The options of a thread, with the unsupported one marked. */
const SERVER_THREAD_OPTIONS = {
  ...THREAD_OPTIONS,
  worktree: {
    ...THREAD_OPTIONS.worktree,
    unsupported: unsupported("has no --worktree"),
  },
} satisfies OptionRows;

/** The options of the client, a thread and a turn on this transport. */
export const SERVER_OPTION_TABLES: OptionTables = {
  client: {
    ...SERVER_CODEX_OPTIONS,
    ...{
      connect: { kind: "other" },
      token: { kind: "secret" },
      keepAliveMs: { kind: "count", min: 0, max: MAX_TIMER_MS },
      threadKeepAliveMs: { kind: "count", min: 0, max: MAX_TIMER_MS },
      requestTimeoutMs: { kind: "count", min: 1, max: MAX_TIMER_MS },
      onNotice: { kind: "function" },
    } satisfies OptionTable<
      Omit<CodexAppServerOptions, keyof CodexOptions>
    >,
  },
  thread: {
    ...SERVER_THREAD_OPTIONS,
    ...HANDLERS,
    approvalPolicy: APPROVAL_POLICY,
  },
  turn: {
    ...TURN_OPTIONS,
    ...HANDLERS,
    approvalPolicy: APPROVAL_POLICY,
    ...{ deltas: { kind: "switch" } } satisfies OptionTable<
      Pick<ServerTurnOptions, "deltas">
    >,
  },
};
