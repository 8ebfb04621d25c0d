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

/** What the server tells that concerns no turn. */
export type ServerNotice =
  | {
    /** A setting was ignored, or the host lacks something. */
    readonly type: "config_warning";
    /** The server's words. */
    readonly message: string;
  }
  | {
    /** Something that is used will go away. */
    readonly type: "deprecation";
    /** The server's words. */
    readonly message: string;
  }
  | {
    /** An MCP server could not be started. */
    readonly type: "mcp_server_failed";
    /** Its name in the configuration. */
    readonly server: string;
    /** The server's words. */
    readonly message: string;
    /** The thread that it was started for; `null` if for none. */
    readonly threadId: string | null;
  }
  | {
    /** How much of the account's limits is used. */
    readonly type: "rate_limits";
    /** The limits. */
    readonly limits: RateLimits;
  };

/** Options of {@linkcode CodexAppServer}: those of {@linkcode Codex}, and its own. */
export interface CodexAppServerOptions extends CodexOptions {
  /**
   * The server to use, which somebody else runs: the address of a
   * `codex app-server --listen`, `ws:` or `wss:`, or a function that makes a connection.
   * No CLI is looked for, folders are the server's, and `close()` ends the connection
   * alone. Options about the process (`codexPathOverride`, `env`, `envMode`, `apiKey`,
   * `baseUrl`, `config`, `configOverrides`, `features`, `strictConfig`, `oss`,
   * `localProvider`, `endWithHost`, `keepAliveMs`, `onStderr`, `onSpawn`, `onExit`) are
   * refused.
   *
   * On Node 20 an address needs the package `ws`.
   *
   * @default {undefined} A server that this client starts
   */
  connect?: string | Connect;
  /**
   * The token that the server at an address asks for; or a function that gives one for
   * each connection, as for tokens that expire. It is sent over `ws:` to this machine
   * alone.
   */
  token?: string | (() => string | Promise<string>);
  /**
   * How long the server lives without a turn, in ms, so that a program that forgets
   * `close()` ends.
   *
   * @default {5000}
   */
  keepAliveMs?: number;
  /**
   * How long a thread stays loaded after its last turn, in ms: `codex exec`, or another
   * server, cannot use it until then.
   *
   * @default {60000}
   */
  threadKeepAliveMs?: number;
  /**
   * How long the server may take to answer a request, in ms.
   *
   * @default {30000}
   */
  requestTimeoutMs?: number;
  /** Told what concerns no turn: settings that were ignored, deprecations, MCP servers, limits. What it throws, or rejects with, is passed over. */
  onNotice?: (notice: ServerNotice) => void;
}

/** Who answers what the agent asks; for a thread, or for one turn. */
export interface ServerHandlers {
  /**
   * Decides on what the agent may not do by itself. With it, `approvalPolicy` is
   * `on-request` unless it is given; without it nothing is asked, and nothing granted.
   */
  onApproval?: ApprovalHandler;
  /**
   * Answers questions of MCP servers, for values or for a page to visit; without it they
   * are declined. With it, and without `onApproval`, these alone are asked, unless
   * `approvalPolicy` is given.
   */
  onElicitation?: ElicitationHandler;
  /**
   * How long a handler may take, in ms; then the answer is `decline`.
   *
   * @default {undefined} As long as the turn may
   */
  answerTimeoutMs?: number;
}

/** Options of a thread on the server: those of any thread, and who answers. */
export interface ServerThreadOptions extends ThreadOptions, ServerHandlers {}

/** Options of a turn on the server: those of any turn, and its own. */
export interface ServerTurnOptions<T = unknown>
  extends TurnOptions<T>, ServerHandlers {
  /**
   * Says whether pieces of messages, of reasoning and of output are handed out as they
   * come, between the events.
   *
   * @default {false}
   */
  deltas?: boolean;
}

const HANDLERS = {
  onApproval: { kind: "function" },
  onElicitation: { kind: "function" },
  answerTimeoutMs: { kind: "count", min: 1, max: MAX_TIMER_MS },
} satisfies OptionTable<ServerHandlers>;

/** What the server takes for `approvalPolicy`, other than `codex exec`, where nobody can be asked. */
const APPROVAL_POLICY = {
  kind: "text",
  oneOf: ["never", "on-request", "untrusted"],
  withdrawn: {
    "on-failure": 'codex app-server does not accept it; use "on-request"',
  },
} satisfies TextRow<NonNullable<ThreadOptions["approvalPolicy"]>>;

/** Says that the subcommand takes no such flag. */
function unsupported(what: string): string {
  return `codex app-server ${what}; use Codex, which runs codex exec`;
}

/** The options of a client, with those that the server cannot do (facts A30). */
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

/** The options of a thread, with the one that the server cannot do. */
const SERVER_THREAD_OPTIONS = {
  ...THREAD_OPTIONS,
  worktree: {
    ...THREAD_OPTIONS.worktree,
    unsupported: unsupported("has no --worktree"),
  },
} satisfies OptionRows;

/** The options of each owner on this transport. */
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
