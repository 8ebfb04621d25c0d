import type { Usage } from "../protocol/events.ts";
import type { CodexConfig } from "./config.ts";

export type { CodexConfigObject, CodexConfigValue } from "./config.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { Listeners } from "./listeners.ts";
import type { ToolOptions } from "./tools.ts";

// Settings remain arguments: the CLI has no private way to receive them (facts F45).
/** Options of {@linkcode Codex}. */
export interface CodexOptions extends ToolOptions, Listeners {
  /**
   * The CLI to run: a path, or a name to find on PATH. By default the first turn looks
   * for it in `CODEX_PATH`, in the npm package `@openai/codex` that is installed for this
   * package or for the program, and on PATH. The working directory is searched only if
   * this option names a path in it.
   */
  codexPathOverride?: string | undefined;
  /** The base URL of the service; sent as the setting `openai_base_url`. */
  baseUrl?: string | undefined;
  /**
   * The API key; sent as `CODEX_API_KEY` in the CLI's environment. A function is called
   * each time the CLI is started: for each turn, and for each further attempt of
   * `repair`. `CodexAppServer` calls it when its server starts, and stays logged in with
   * that key for the server's lifetime. If the function throws, the turn ends with a
   * {@linkcode CodexInputError} before anything is started. `CodexSync` cannot wait: the
   * function must return the key itself, not a promise.
   */
  apiKey?: string | (() => string | Promise<string>) | undefined;
  /**
   * Settings that override `config.toml`, as an object. Nested objects are sent as dotted
   * paths. The CLI splits a path on every dot, so an object with a key that needs quotes
   * in TOML is sent whole. A dotted key at the top level is a path.
   *
   * The values are arguments of the CLI, and visible in the process list. For secrets,
   * use the settings that name environment variables: `env_vars` of an MCP server,
   * `env_http_headers`, `bearer_token_env_var`. The CLI reads no settings from a private
   * file. Put values that must not be visible, or that are longer than the system accepts
   * (128 KiB per value on Linux), into `config.toml` of its `CODEX_HOME`, and long
   * instructions into a file that `model_instructions_file` names.
   *
   * Settings of a table are added to the table in `config.toml`: `mcp_servers: {}`
   * removes none of the user's own servers. Use `ignoreUserConfig` for that, or
   * `mcp_servers: { name: { enabled: false } }` for each server.
   *
   * A flag of the CLI that is not a setting, such as `profile` or `ephemeral`, is
   * rejected: use the option with its name.
   */
  config?: CodexConfig | undefined;
  /** Raw `key=value` settings, sent unchanged after `config`. */
  configOverrides?: string[] | undefined;
  // Options that select layers of the configuration, or that apply to every thread of a
  // client, belong to the client, as `config` does.
  /**
   * The profile: settings of `NAME.config.toml` in `CODEX_HOME`, which override those of
   * `config.toml`. The CLI silently ignores a missing profile; this package rejects it if
   * it can check the file. Not supported by `CodexAppServer`.
   */
  profile?: string | undefined;
  /**
   * Features of the CLI to turn on and off, by name. A name that the CLI does not know
   * ends the turn.
   */
  features?: { [name: string]: boolean } | undefined;
  /**
   * Rejects settings that the CLI does not know, in `config.toml` and in `config`;
   * otherwise the CLI ignores them.
   */
  strictConfig?: boolean | undefined;
  /**
   * Ignores the user's `config.toml`; the login is kept. Not supported by
   * `CodexAppServer`.
   */
  ignoreUserConfig?: boolean | undefined;
  /**
   * Ignores the `.rules` files of the user and the project, which define the commands
   * that may run. Not supported by `CodexAppServer`.
   */
  ignoreRules?: boolean | undefined;
  /**
   * For CI, where settings of the machine should have no effect and nothing should be
   * left behind. Combines `ephemeral` for every thread, `ignoreUserConfig` and
   * `ignoreRules`, and nothing else: the login, the environment, and the project's
   * instructions and settings still apply. Not supported by `CodexAppServer`.
   */
  hermetic?: boolean | undefined;
  /**
   * Uses a model that runs on this machine, provided by `localProvider` or by the setting
   * `oss_provider`. `codex exec` loads the model into the provider's server, and
   * downloads it if it is missing; `CodexAppServer` does neither, and requires
   * `localProvider`.
   */
  oss?: boolean | undefined;
  /** The provider of `oss`: `ollama` or `lmstudio`. */
  localProvider?: string | undefined;
  /**
   * Further flags for `codex exec` that have no option; each flag and each value is one
   * element. An element that the CLI would take for a prompt or a subcommand is rejected.
   * So are flags that this package uses itself, and flags that print something other than
   * a turn. Values are visible in the process list, but not in errors. `CodexAppServer`
   * accepts none.
   */
  extraArgs?: string[] | undefined;
  /**
   * Environment variables for the CLI; see {@linkcode CodexOptions.envMode}. A variable
   * with the value `undefined` is left out.
   */
  env?: { [name: string]: string | undefined } | undefined;
  /**
   * The meaning of `env`: with `replace` the CLI gets only these variables, with `merge`
   * it gets them on top of the program's environment.
   *
   * @default {"replace"}
   */
  envMode?: "replace" | "merge" | undefined;
  /**
   * True if an event of an unknown kind, or with an invalid field, ends the turn with a
   * {@linkcode CodexProtocolError}. Otherwise such an event is delivered as `unknown`.
   *
   * @default {false}
   */
  strictEvents?: boolean | undefined;
  /**
   * The maximum length of a line of the CLI's output, in bytes; a longer line ends the
   * turn with a {@linkcode CodexLineTooLongError}.
   *
   * @default {402653184} 384 MiB
   */
  maxLineBytes?: number | undefined;
  /**
   * The time that the CLI has to exit after each of SIGINT, SIGTERM and SIGKILL, in
   * milliseconds. A cancelled turn ends after about three times as long at the latest,
   * regardless of the CLI and its commands.
   *
   * @default {2000}
   */
  shutdownGraceMs?: number | undefined;
  /**
   * True if the CLI ends when this program ends, whether the program returns, throws or
   * is killed. A small shell process watches the program while a turn runs; when the
   * program ends, it ends the CLI and removes the turn's temporary files. Without
   * permission to run `/bin/sh`, Deno starts no such process.
   *
   * On Windows the system always ends the CLI with the program: `false` has no effect,
   * and the turn's temporary files are not removed.
   *
   * @default {true}
   */
  endWithHost?: boolean | undefined;
  /**
   * The name of the server of `tools`, as the CLI, the model and items see it. No server
   * in `config`, or in the user's `config.toml`, may have the same name. On
   * `CodexAppServer` some names belong to the CLI, such as `web`.
   *
   * @default {"host"}
   */
  toolServerName?: string | undefined;
}

/**
 * An approval policy: when the CLI asks for approval. `codex exec` never asks, and does
 * not accept `untrusted`; `codex app-server` asks, and does not accept `on-failure`. A
 * value that is not accepted throws a {@linkcode CodexInputError}.
 */
export type ApprovalMode = "never" | "on-request" | "on-failure" | "untrusted";

/** The access that the agent's commands have to files. */
export type SandboxMode =
  | "read-only"
  | "workspace-write"
  | "danger-full-access";

/** The effort that the model puts into reasoning. */
export type ModelReasoningEffort =
  | "minimal"
  | "low"
  | "medium"
  | "high"
  | "xhigh"
  | "max"
  | "ultra"
  | "persistent";

/** The agent's access to web search: none, from a cache, or live. */
export type WebSearchMode = "disabled" | "cached" | "live";

/**
 * Options of a thread. They are sent with every turn, since the CLI does not remember
 * them.
 */
export interface ThreadOptions extends ToolOptions {
  /** The model. */
  model?: string | undefined;
  /**
   * A label for the service that says what the thread is for; sent only when the thread
   * is opened.
   */
  threadSource?: string | undefined;
  /** The access that the agent's commands have to files. */
  sandboxMode?: SandboxMode | undefined;
  /**
   * The folder that the agent works in and the CLI starts in. Defaults to the program's
   * working directory.
   */
  workingDirectory?: string | undefined;
  /** Lets the agent work in a folder that is not a Git repository. */
  skipGitRepoCheck?: boolean | undefined;
  /** The effort that the model puts into reasoning. */
  modelReasoningEffort?: ModelReasoningEffort | undefined;
  /** Lets commands in the `workspace-write` sandbox use the network. */
  networkAccessEnabled?: boolean | undefined;
  /** The agent's access to web search; takes precedence over `webSearchEnabled`. */
  webSearchMode?: WebSearchMode | undefined;
  /** Lets the agent search the web: `true` is `live`, `false` is `disabled`. */
  webSearchEnabled?: boolean | undefined;
  /** The approval policy: when the CLI asks for approval. */
  approvalPolicy?: ApprovalMode | undefined;
  /** Further folders that the agent may write in. */
  additionalDirectories?: string[] | undefined;
  /**
   * Stores nothing of the thread on disk. Under `codex exec` the thread has one turn: a
   * second turn, and `repair`, are rejected, since the CLI cannot continue the thread. A
   * thread of `CodexAppServer` accepts further turns while the server has it loaded:
   * until `threadKeepAliveMs` or `keepAliveMs` after its last turn.
   */
  ephemeral?: boolean | undefined;
  /**
   * Runs in a new Git worktree, which the CLI creates in its home and leaves there. The
   * CLI does not report the worktree's folder and does not continue in it, so a second
   * turn, and `repair`, are rejected: resume the thread with that folder as
   * `workingDirectory`. Not supported by `CodexAppServer`.
   */
  worktree?: boolean | undefined;
  /**
   * Lets the CLI's own reviewer, a model, answer approval requests, in the
   * `workspace-write` sandbox. `sandboxMode` and `approvalPolicy` are then rejected.
   */
  approveForMe?: boolean | undefined;
  /**
   * Lets the agent do everything, without a sandbox, and also outside a Git repository.
   * Only for machines that are themselves a sandbox. Any `sandboxMode` except
   * `danger-full-access`, and any `approvalPolicy` except `never`, is then rejected.
   */
  dangerouslyBypassApprovalsAndSandbox?: boolean | undefined;
  /**
   * Runs hooks of the configuration that nobody has trusted yet. Only for hooks from a
   * known source.
   */
  dangerouslyBypassHookTrust?: boolean | undefined;
}

/** Thread options that a turn may set for itself alone. */
export type TurnThreadOptions = Pick<
  ThreadOptions,
  | "model"
  | "modelReasoningEffort"
  | "sandboxMode"
  | "approvalPolicy"
  | "webSearchMode"
  | "networkAccessEnabled"
>;

/** A cyber access program; only the built-in provider accepts it. */
export type CyberAccessProgram = "standard" | "daybreak_blue" | "daybreak_red";

/**
 * The type that the answer must have: a zod 4 schema, a Standard Schema that provides its
 * JSON Schema (valibot, arktype and others), or your own JSON Schema with a function that
 * parses the answer.
 *
 * @typeParam T The parsed answer.
 */
export type OutputType<T> =
  | ZodOutputType<T>
  | StandardOutputType<T>
  | CustomOutputType<T>;

/** A zod 4 schema, from any copy of `zod` or `zod/mini`. */
export interface ZodOutputType<T> {
  /** Marks a zod 4 schema. */
  readonly _zod: {
    /** The type of a parsed value; for the compiler only. */
    readonly output: T;
  };
}

/**
 * A Standard Schema (version 1). Its JSON Schema comes from Standard JSON Schema, which
 * arktype implements and `toStandardJsonSchema` adds to valibot. A schema without it
 * needs an `outputSchema` as well.
 */
export interface StandardOutputType<T> {
  /** Marks a Standard Schema. */
  readonly "~standard": {
    /** The version of the standard. */
    readonly version: 1;
    /** The library that created the schema. */
    readonly vendor: string;
    /** Validates a value, synchronously or asynchronously. */
    readonly validate: (
      value: unknown,
    ) => StandardResult<T> | Promise<StandardResult<T>>;
    /** The types of input and output; for the compiler only. */
    readonly types?: {
      /** The type of the input. */
      readonly input: unknown;
      /** The type of the output. */
      readonly output: T;
    } | undefined;
    /** Provides its JSON Schema. */
    readonly jsonSchema?: {
      /** Returns the JSON Schema of the input. */
      readonly input: (options: {
        /** The version of JSON Schema. */
        readonly target: "draft-2020-12" | "draft-07";
      }) => { [key: string]: unknown };
    } | undefined;
  };
}

/** The result of validating a value with a Standard Schema. */
export type StandardResult<T> =
  | {
    /** The parsed value. */
    readonly value: T;
    /** Absent for a valid value. */
    readonly issues?: undefined;
  }
  | {
    /** The problems with the value. */
    readonly issues: readonly {
      /** The problem. */
      readonly message: string;
      /** The path to the value: keys, or objects with a key. */
      readonly path?:
        | readonly (PropertyKey | { readonly key: PropertyKey })[]
        | undefined;
    }[];
  };

/** A JSON Schema, and a function that parses the answer. */
export interface CustomOutputType<T> {
  /**
   * The JSON Schema; sent in the form that strict mode accepts, like that of any type.
   */
  readonly schema: JsonObject | object;
  /**
   * Parses the answer, a JSON value; throws, or rejects, if it does not match the type.
   */
  readonly parse: (value: unknown) => T | Promise<T>;
}

/**
 * Options of a turn. Those of {@linkcode ThreadOptions} override the thread's own for
 * this turn and its repairs.
 */
export interface TurnOptions<T = unknown>
  extends TurnThreadOptions, ToolOptions {
  /**
   * The JSON Schema of the answer; sent unchanged. The answer is then parsed as JSON, but
   * not validated against the schema. The CLI always requests strict mode, which accepts
   * only objects that are closed and require every property; the turn's `warnings` list
   * the parts that it will reject. The type is `unknown`, as in the official SDK; any
   * value except a JSON object throws a {@linkcode CodexOutputSchemaError}.
   */
  outputSchema?: unknown;
  /**
   * The type of the answer. Its JSON Schema is sent (unless `outputSchema` is given) in
   * the form that the model's strict mode accepts, and `structuredResponse` is the answer
   * parsed by this type. The schema of a library's type is read once, in its first turn;
   * a plain schema may be changed between turns.
   */
  outputType?: OutputType<T> | undefined;
  /**
   * Rewrites the schema of `outputType` for the model's strict mode, in which every
   * object is closed and every property is required. A type that cannot be rewritten
   * throws a {@linkcode CodexOutputSchemaError}. With `false` the schema is sent as its
   * library generates it. The CLI still requests strict mode, so `false` is for models of
   * other services.
   *
   * @default {true}
   */
  strict?: boolean | undefined;
  /**
   * The number of times, from 0 to 10, that an invalid answer is sent back with a list of
   * its problems, as a further turn of the thread. The first valid answer counts; if
   * there is none, `structuredResponse` throws.
   *
   * @default {0}
   */
  repair?: number | undefined;
  /** The cyber access program of the turn. */
  cyberAccessProgram?: CyberAccessProgram | undefined;
  /** Cancels the turn: a waiting turn is never started, a running one is ended. */
  signal?: AbortSignal | undefined;
  /**
   * The time limit of the turn, in milliseconds, counted from the end of the thread's
   * earlier turns. A longer turn is ended with a {@linkcode CodexTimeoutError}. Without
   * this limit, a CLI that cannot reach the model retries forever.
   *
   * @default {undefined} No limit
   */
  timeoutMs?: number | undefined;
  /**
   * The longest wait for an event, in milliseconds, while no command or tool is running.
   * A turn that waits longer is ended with a {@linkcode CodexIdleTimeoutError}. The CLI's
   * messages about reconnecting are events too, about a minute apart at most, so only a
   * shorter limit ends a turn that cannot reach the model; otherwise `timeoutMs` does.
   *
   * @default {undefined} No limit
   */
  idleTimeoutMs?: number | undefined;
}

/** Options of a review. It accepts no schema, and no prompt except its instructions. */
export interface ReviewOptions
  extends Pick<TurnOptions, "signal" | "timeoutMs" | "idleTimeoutMs"> {}

/**
 * Options of a thread that is continued: those of any thread, and known facts about it.
 */
export interface ResumeOptions extends ThreadOptions {
  /**
   * The thread's token total so far, as returned by `thread.usage`. With it, `turnUsage`
   * is known for the first turn, too.
   *
   * @default {undefined} Unknown
   */
  usageBefore?: Usage | undefined;
}

/**
 * An image that does not have to be a file: its bytes, a `Blob`, a `data:` URL, or a
 * `file:` URL. Nothing is fetched from the network.
 */
export type ImageSource = Uint8Array | ArrayBuffer | Blob | URL | string;

/**
 * One part of a prompt: text, the path of an image, or an image from memory.
 * Images are PNG, JPEG, GIF or WebP, recognised by their content.
 */
export type UserInput =
  | {
    /** Marks text. */
    type: "text";
    /** The text; several texts are joined by blank lines. */
    text: string;
  }
  | {
    /** Marks an image on disk. */
    type: "local_image";
    /** The image's path. */
    path: string;
  }
  | {
    /** Marks an image from memory. */
    type: "image";
    /**
     * The image; a string is a `data:` URL. It is stored in a private file while the turn
     * runs.
     */
    image: ImageSource;
  };

/**
 * A prompt: text, or texts and images. The text must not be blank, and has at most
 * 1,048,576 characters.
 */
export type Input = string | UserInput[];
