import type {
  CodexOptions,
  ResumeOptions,
  ReviewOptions,
  ThreadOptions,
  TurnOptions,
  TurnThreadOptions,
} from "./options.ts";
import {
  type OptionRows,
  optionRows,
  type OptionTable,
  type TextRow,
} from "./row.ts";
import type { Listeners } from "./listeners.ts";
import type { ToolOptions } from "./tools.ts";

// One row per option: checks, argv, redaction, versions of the CLI and the blocking
// client depend on it. `since` was read from `codex exec --help` of each version, and for
// settings from the CLI's binary (facts F71). The order of the rows is their order in
// argv. An option without a row, or with a row that does not fit its type, does not
// compile.

/**
 * The longest delay of a timer, in milliseconds; timers with longer delays fire
 * immediately.
 */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** The maximum number of times that an answer is sent back. */
const MAX_REPAIRS = 10;

/** The options about tools that clients, threads and turns have. */
const TOOL_OPTIONS = {
  tools: { kind: "tools" },
  toolTimeoutMs: { kind: "count", min: 1, max: MAX_TIMER_MS },
} satisfies OptionTable<ToolOptions>;

/** The functions that watch a client's turns. */
export const LISTENERS = {
  onTurn: { kind: "function" },
  onEvent: { kind: "function" },
  onDiagnostic: { kind: "function" },
  onStderr: { kind: "function" },
  onSpawn: { kind: "function" },
  onExit: { kind: "function" },
} satisfies OptionTable<Listeners>;

/** The options of a client. */
export const CODEX_OPTIONS = {
  codexPathOverride: { kind: "text" },
  baseUrl: {
    kind: "text",
    setting: "openai_base_url",
    secret: "url",
    since: "0.115.0",
  },
  apiKey: { kind: "secret" },
  config: { kind: "other" },
  configOverrides: { kind: "texts" },
  profile: { kind: "text", flag: "--profile" },
  features: { kind: "switches", flag: "--enable", offFlag: "--disable" },
  strictConfig: { kind: "switch", flag: "--strict-config", since: "0.131.0" },
  ignoreUserConfig: {
    kind: "switch",
    flag: "--ignore-user-config",
    since: "0.122.0",
  },
  ignoreRules: { kind: "switch", flag: "--ignore-rules", since: "0.122.0" },
  hermetic: { kind: "switch", since: "0.122.0" },
  oss: { kind: "switch", flag: "--oss" },
  localProvider: { kind: "text", flag: "--local-provider" },
  extraArgs: { kind: "texts" },
  env: { kind: "other" },
  envMode: { kind: "text", oneOf: ["replace", "merge"] },
  strictEvents: { kind: "switch" },
  maxLineBytes: { kind: "count", min: 1, max: Number.MAX_SAFE_INTEGER },
  shutdownGraceMs: { kind: "count", min: 1, max: MAX_TIMER_MS },
  endWithHost: { kind: "switch" },
  ...TOOL_OPTIONS,
  toolServerName: { kind: "text" },
  ...LISTENERS,
} satisfies OptionTable<CodexOptions, Pick<TextRow, "secret">>;

/** The options of a thread. */
export const THREAD_OPTIONS = {
  model: { kind: "text", flag: "--model" },
  threadSource: { kind: "text", flag: "--thread-source", since: "0.150.0" },
  sandboxMode: {
    kind: "text",
    flag: "--sandbox",
    oneOf: ["read-only", "workspace-write", "danger-full-access"],
  },
  workingDirectory: { kind: "text", pathFlag: "--cd" },
  additionalDirectories: { kind: "texts", pathFlag: "--add-dir" },
  skipGitRepoCheck: { kind: "switch", flag: "--skip-git-repo-check" },
  modelReasoningEffort: { kind: "text", setting: "model_reasoning_effort" },
  networkAccessEnabled: {
    kind: "switch",
    setting: "sandbox_workspace_write.network_access",
  },
  webSearchMode: {
    kind: "text",
    setting: "web_search",
    oneOf: ["disabled", "cached", "live"],
  },
  webSearchEnabled: { kind: "switch" },
  // Under `codex exec` the CLI never asks, regardless of this option (facts F23).
  approvalPolicy: {
    kind: "text",
    setting: "approval_policy",
    oneOf: ["never", "on-request", "on-failure"],
    // Rejected by all supported versions (facts F13).
    withdrawn: {
      untrusted:
        "the CLI no longer accepts it; leave it out, since codex exec never asks, and set sandboxMode",
    },
  },
  ephemeral: { kind: "switch", flag: "--ephemeral" },
  worktree: { kind: "switch", flag: "--worktree", since: "0.154.0" },
  approveForMe: { kind: "switch", flag: "--approve-for-me", since: "0.147.0" },
  dangerouslyBypassApprovalsAndSandbox: {
    kind: "switch",
    flag: "--dangerously-bypass-approvals-and-sandbox",
  },
  dangerouslyBypassHookTrust: {
    kind: "switch",
    flag: "--dangerously-bypass-hook-trust",
    since: "0.131.0",
  },
  ...TOOL_OPTIONS,
} satisfies OptionTable<ThreadOptions>;

/** The thread options that a turn may set; they override the thread's own. */
export const TURN_THREAD_OPTIONS: OptionTable<TurnThreadOptions> = {
  model: notSent(THREAD_OPTIONS.model),
  modelReasoningEffort: notSent(THREAD_OPTIONS.modelReasoningEffort),
  sandboxMode: notSent(THREAD_OPTIONS.sandboxMode),
  approvalPolicy: notSent(THREAD_OPTIONS.approvalPolicy),
  webSearchMode: notSent(THREAD_OPTIONS.webSearchMode),
  networkAccessEnabled: notSent(THREAD_OPTIONS.networkAccessEnabled),
};

/** The options of a turn. */
export const TURN_OPTIONS = {
  ...TURN_THREAD_OPTIONS,
  outputSchema: { kind: "other" },
  outputType: { kind: "other" },
  strict: { kind: "switch" },
  repair: { kind: "count", min: 0, max: MAX_REPAIRS },
  cyberAccessProgram: {
    kind: "text",
    flag: "--cyber-access-program",
    since: "0.161.0",
  },
  signal: { kind: "other" },
  timeoutMs: { kind: "count", min: 1, max: MAX_TIMER_MS },
  // The limit for a CLI that cannot reach the model and retries forever (facts F19).
  idleTimeoutMs: { kind: "count", min: 1, max: MAX_TIMER_MS },
  ...TOOL_OPTIONS,
} satisfies OptionTable<TurnOptions>;

/** The options of a review. */
export const REVIEW_OPTIONS = {
  signal: TURN_OPTIONS.signal,
  timeoutMs: TURN_OPTIONS.timeoutMs,
  idleTimeoutMs: TURN_OPTIONS.idleTimeoutMs,
} satisfies OptionTable<ReviewOptions>;

/** The options that only a thread that is continued has. */
export const RESUME_OPTIONS = {
  usageBefore: { kind: "other" },
} satisfies OptionTable<Omit<ResumeOptions, keyof ThreadOptions>>;

/** Returns a row that checks the option without sending it. */
function notSent<R extends { readonly kind: string }>(
  row: R,
): Omit<R, "flag" | "setting"> {
  const { flag: _, setting: __, ...rest } = row as R & {
    readonly flag?: unknown;
    readonly setting?: unknown;
  };
  return rest;
}

/** The owner of options. */
export type OptionOwner = "client" | "thread" | "turn";

/** The options of each owner, for one transport. */
export type OptionTables = { readonly [K in OptionOwner]: OptionRows };

/** The options of each owner under `codex exec`. */
export const OPTION_TABLES: OptionTables = {
  client: CODEX_OPTIONS,
  thread: THREAD_OPTIONS,
  turn: TURN_OPTIONS,
};

/** Returns tables whose clients reject listeners, with the reason. */
export function withoutListeners(
  tables: OptionTables,
  why: string,
): OptionTables {
  return {
    ...tables,
    client: { ...tables.client, ...reject(LISTENERS, why) },
  };
}

/** Returns tables whose owners reject tools, with the reason. */
export function withoutTools(tables: OptionTables, why: string): OptionTables {
  const rejected = reject(TOOL_OPTIONS, why);
  return {
    client: {
      ...tables.client,
      ...rejected,
      ...reject({ toolServerName: CODEX_OPTIONS.toolServerName }, why),
    },
    thread: { ...tables.thread, ...rejected },
    turn: { ...tables.turn, ...rejected },
  };
}

/**
 * The options of a turn that are part of argv: those in its table with a flag or a
 * setting.
 */
export interface SentTurnOptions {
  /** The cyber access program of the turn. */
  readonly cyberAccessProgram: TurnOptions["cyberAccessProgram"];
}

/** Returns the options of a turn that are part of argv. */
export function sentTurnOptions(
  options: Omit<TurnOptions, "signal" | "outputType">,
): SentTurnOptions {
  const sent = optionRows(TURN_OPTIONS)
    .filter(([, row]) => row.flag ?? row.pathFlag ?? row.setting)
    .map(([name]) => [name, Reflect.get(options, name) ?? undefined]);
  return Object.fromEntries(sent);
}

/** Returns rows of options that are not supported, with the reason. */
function reject(rows: OptionRows, why: string): OptionRows {
  return Object.fromEntries(
    optionRows(rows).map(([name, row]) => [name, { ...row, unsupported: why }]),
  );
}
