import type { Usage } from "../protocol/events.ts";
import type { CodexConfig } from "./config.ts";

export type { CodexConfigObject, CodexConfigValue } from "./config.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { Listeners } from "./listeners.ts";
import type { ToolOptions } from "./tools.ts";

// Settings stay arguments: the CLI takes them in private in no other way (facts F45).
/** Options of {@linkcode Codex}. */
export interface CodexOptions extends ToolOptions, Listeners {
  /**
   * The CLI to run: a path, or a name to find on PATH. By default the first turn looks
   * for it in `CODEX_PATH`, in the npm package `@openai/codex` that is installed for
   * this package or for the program, and on PATH. The working directory is searched
   * only if this option names a path in it.
   */
  codexPathOverride?: string;
  /** The service's address; sent as the `openai_base_url` setting. */
  baseUrl?: string;
  /**
   * The key; sent as `CODEX_API_KEY` in the CLI's environment. A function is asked for it
   * each time that the CLI is started: for each turn, and for each further attempt of
   * `repair`; `CodexAppServer` asks it when its server starts, and logs in with that key
   * for as long as the server lives. If it throws, the turn ends with a
   * {@linkcode CodexInputError} before anything is started. `CodexSync` cannot wait: there
   * a function has to give the key itself, and no promise.
   */
  apiKey?: string | (() => string | Promise<string>);
  /**
   * Settings that override `config.toml`, as an object. Nested objects are sent
   * as dotted paths. The CLI splits a path on every dot, so an object with a key that
   * needs quotes in TOML is sent whole. At the top level a dotted key is a path.
   *
   * Its values are arguments of the CLI, and stand in the process list. For secrets the
   * CLI has settings that name variables of the environment: `env_vars` of an MCP
   * server, `env_http_headers`, `bearer_token_env_var`. It reads no settings from a
   * private file: what must not be seen, or is longer than the system takes
   * (on Linux 128 KiB a value), goes into `config.toml` of its `CODEX_HOME`, and long
   * instructions into a file that `model_instructions_file` names.
   *
   * A setting of a table adds to what `config.toml` has there: `mcp_servers: {}` takes none
   * of the user's own servers away. That takes `ignoreUserConfig`, or
   * `mcp_servers: { name: { enabled: false } }` for each.
   *
   * A flag of the CLI that is no setting, such as `profile` or `ephemeral`, is refused; it
   * is an option here.
   */
  config?: CodexConfig;
  /** Raw `key=value` settings, sent unchanged after `config`. */
  configOverrides?: string[];
  // The layers of the configuration, and what every thread of a client runs with, are the
  // client's, as `config` is.
  /**
   * The profile: settings of `NAME.config.toml` in `CODEX_HOME`, over those of
   * `config.toml`. The CLI passes over one that is not there in silence; here it is refused
   * where the file can be looked at. `CodexAppServer` cannot have one.
   */
  profile?: string;
  /** Features of the CLI to turn on and off, by their names; one that it does not know ends the turn. */
  features?: { [name: string]: boolean };
  /** Refuses settings that the CLI does not know, in `config.toml` and in `config`; it leaves them out otherwise. */
  strictConfig?: boolean;
  /** Leaves out the user's `config.toml`; the login stays. `CodexAppServer` cannot. */
  ignoreUserConfig?: boolean;
  /** Leaves out the `.rules` files of the user and the project, which say what commands may run. `CodexAppServer` cannot. */
  ignoreRules?: boolean;
  /**
   * For CI, where nothing of the machine should count and nothing stay: `ephemeral` for
   * every thread, `ignoreUserConfig` and `ignoreRules`, and no more than these three. The
   * login, the environment, and instructions and settings of the project remain.
   * `CodexAppServer` cannot.
   */
  hermetic?: boolean;
  /**
   * Uses a model that runs on this machine, of `localProvider`, or of the setting
   * `oss_provider`. `codex exec` loads its model into the provider's server, and downloads
   * it if it is missing; `CodexAppServer` does neither, and needs `localProvider`.
   */
  oss?: boolean;
  /** The provider of `oss`: `ollama` or `lmstudio`. */
  localProvider?: string;
  /**
   * Further flags for `codex exec`, for what has no option: each flag and each value is a
   * word. A word that would be a prompt or a subcommand is refused, and so are flags that
   * this package needs for itself or that would print something else than a turn. Values
   * show in no error, but in the process list. `CodexAppServer` takes none.
   */
  extraArgs?: string[];
  /** Environment variables for the CLI; see {@linkcode CodexOptions.envMode}. A value of `undefined` leaves the variable out. */
  env?: { [name: string]: string | undefined };
  /**
   * The meaning of `env`: with `replace` the CLI gets only these variables, with
   * `merge` it gets them on top of the program's environment.
   *
   * @default {"replace"}
   */
  envMode?: "replace" | "merge";
  /**
   * True if an event of an unknown kind or with a wrong field ends the turn with
   * a {@linkcode CodexProtocolError}. Otherwise such an event is delivered as `unknown`.
   *
   * @default {false}
   */
  strictEvents?: boolean;
  /**
   * The longest line of the CLI's output, in bytes; a longer one ends the turn with a {@linkcode CodexLineTooLongError}.
   *
   * @default {402653184} 384 MiB
   */
  maxLineBytes?: number;
  /**
   * The time that the CLI has to exit after each of SIGINT, SIGTERM and SIGKILL, in
   * ms. A cancelled turn ends after three times as long at the latest, whatever the
   * CLI and its commands do.
   *
   * @default {2000}
   */
  shutdownGraceMs?: number;
  /**
   * True if the CLI ends with this program, whether the program returns, throws or is
   * killed. A small shell process watches the program while a turn runs, and removes the
   * turn's temporary files with the CLI. There is none where Deno may not run `/bin/sh`.
   *
   * On Windows the runtime has the system end the CLI with the program: always, so that
   * `false` has no effect, and the turn's temporary files stay.
   *
   * @default {true}
   */
  endWithHost?: boolean;
  /**
   * The name under which the CLI, the model and items know the server of `tools`; no
   * server of `config`, or of the user's `config.toml`, may have it. On `CodexAppServer`
   * some are the CLI's own, such as `web`.
   *
   * @default {"host"}
   */
  toolServerName?: string;
}

/**
 * The moments at which the CLI asks for approval. Under `codex exec` it never asks, and
 * does not take `untrusted`; `codex app-server` asks, and does not take `on-failure`. What
 * is not taken throws a {@linkcode CodexInputError}.
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

/** Options of a thread. Every turn sends them, since the CLI does not remember them. */
export interface ThreadOptions extends ToolOptions {
  /** The model. */
  model?: string;
  /** The purpose of the thread, as a label for the service; sent only when the thread is opened. */
  threadSource?: string;
  /** The access that the agent's commands have to files. */
  sandboxMode?: SandboxMode;
  /** The folder that the agent works in and the CLI starts in; by default that of the program. */
  workingDirectory?: string;
  /** Lets the agent work in a folder that is not a Git repository. */
  skipGitRepoCheck?: boolean;
  /** The effort that the model puts into reasoning. */
  modelReasoningEffort?: ModelReasoningEffort;
  /** Lets commands in the `workspace-write` sandbox use the network. */
  networkAccessEnabled?: boolean;
  /** The agent's access to web search; wins over `webSearchEnabled`. */
  webSearchMode?: WebSearchMode;
  /** Lets the agent search the web: `true` is `live`, `false` is `disabled`. */
  webSearchEnabled?: boolean;
  /** The moments at which the CLI asks for approval. */
  approvalPolicy?: ApprovalMode;
  /** Further folders that the agent may write in. */
  additionalDirectories?: string[];
  /**
   * Keeps nothing of the thread on disk. Under `codex exec` it has one turn: a second one,
   * and `repair`, are refused, since the CLI cannot go on with it. A thread of
   * `CodexAppServer` takes further turns for as long as the server has it loaded, that is
   * until `threadKeepAliveMs` or `keepAliveMs` after its last turn.
   */
  ephemeral?: boolean;
  /**
   * Runs in a new Git worktree, which the CLI makes in its home and leaves there. The CLI
   * neither says where it is nor goes on in it, so that a second turn, and `repair`, are
   * refused: resume the thread with that folder as `workingDirectory`. `CodexAppServer`
   * cannot.
   */
  worktree?: boolean;
  /**
   * Lets the CLI's own reviewer, a model, answer requests for approval, in the
   * `workspace-write` sandbox: `sandboxMode` and `approvalPolicy` are refused beside it.
   */
  approveForMe?: boolean;
  /**
   * Lets the agent do everything, without a sandbox, and also outside a Git repository:
   * other values of `sandboxMode` and `approvalPolicy` are refused beside it. For machines
   * that are a sandbox themselves.
   */
  dangerouslyBypassApprovalsAndSandbox?: boolean;
  /** Runs hooks of the configuration that nobody has trusted yet. For who knows where they come from. */
  dangerouslyBypassHookTrust?: boolean;
}

/** Options of a thread that a turn may give itself, for that turn alone. */
export type TurnThreadOptions = Pick<
  ThreadOptions,
  | "model"
  | "modelReasoningEffort"
  | "sandboxMode"
  | "approvalPolicy"
  | "webSearchMode"
  | "networkAccessEnabled"
>;

/** A cyber access program; only the built-in provider takes it. */
export type CyberAccessProgram = "standard" | "daybreak_blue" | "daybreak_red";

/**
 * A type that the answer must have: a schema of zod 4, a Standard Schema that gives
 * its JSON Schema (valibot and arktype among others), or your own JSON Schema
 * with a function that reads the answer.
 *
 * @typeParam T The parsed answer.
 */
export type OutputType<T> =
  | ZodOutputType<T>
  | StandardOutputType<T>
  | CustomOutputType<T>;

/** A schema of zod 4, of `zod` or `zod/mini`, any copy of it. */
export interface ZodOutputType<T> {
  /** Marks a schema of zod 4. */
  readonly _zod: {
    /** The type of a parsed value; for the compiler only. */
    readonly output: T;
  };
}

/**
 * A Standard Schema (version 1). Its JSON Schema comes from Standard JSON Schema,
 * which arktype implements and `toStandardJsonSchema` adds to valibot. A schema
 * without it needs an `outputSchema` beside it.
 */
export interface StandardOutputType<T> {
  /** Marks a Standard Schema. */
  readonly "~standard": {
    /** The version of the standard. */
    readonly version: 1;
    /** The library that made the schema. */
    readonly vendor: string;
    /** Validates a value, at once or later. */
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
    /** Writes its JSON Schema. */
    readonly jsonSchema?: {
      /** Gives the schema of the input. */
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
      /** The path to it: keys, or objects with a key. */
      readonly path?:
        | readonly (PropertyKey | { readonly key: PropertyKey })[]
        | undefined;
    }[];
  };

/** A JSON Schema and a function that reads the answer by it. */
export interface CustomOutputType<T> {
  /** The JSON Schema; sent in the form that strict mode takes, like that of any type. */
  readonly schema: JsonObject | object;
  /** Reads the answer, parsed from JSON; throws, or rejects, if it does not match the type. */
  readonly parse: (value: unknown) => T | Promise<T>;
}

/**
 * Options of a turn. Those of {@linkcode ThreadOptions} take the place of the thread's own
 * for this turn, and its repairs, alone.
 */
export interface TurnOptions<T = unknown>
  extends TurnThreadOptions, ToolOptions {
  /**
   * The JSON Schema of the answer; sent unchanged. The answer is then parsed as JSON,
   * but not validated against the schema. The CLI always asks the model for strict
   * mode, which takes only objects that are closed and require every property; the
   * turn's `warnings` list what it will reject. The type is `unknown`, as in the
   * official SDK; anything but a JSON object throws a
   * {@linkcode CodexOutputSchemaError}.
   */
  outputSchema?: unknown;
  /**
   * The type of the answer. Its JSON Schema is sent (unless `outputSchema` is
   * given) in the form that the model's strict mode takes, and `structuredResponse`
   * is the answer, parsed by this type. The schema of a library's type is read once, in
   * its first turn; a plain schema may be changed between turns.
   */
  outputType?: OutputType<T>;
  /**
   * Rewrites the schema of `outputType` for the model's strict mode, in which every
   * object is closed and every property required; a type that cannot be written so
   * throws a {@linkcode CodexOutputSchemaError}. With `false` the schema is sent as its
   * library writes it. The CLI still asks for strict mode then, so `false` is for
   * models of other services.
   *
   * @default {true}
   */
  strict?: boolean;
  /**
   * The number of times, from 0 to 10, that an invalid answer is sent back with a list
   * of its problems, as a further turn of the thread. The first valid answer counts;
   * without one, `structuredResponse` throws.
   *
   * @default {0}
   */
  repair?: number;
  /** The cyber access program of the turn. */
  cyberAccessProgram?: CyberAccessProgram;
  /** Cancels the turn: a waiting turn is never started, a running one is ended. */
  signal?: AbortSignal;
  /**
   * The time limit of the turn, in ms, from the moment the turns before it on the
   * thread have ended; a longer turn is ended with a {@linkcode CodexTimeoutError}.
   *
   * @default {undefined} No limit
   */
  timeoutMs?: number;
  /**
   * The longest wait for an event, in ms, while no command or tool is running; a turn
   * that waits longer is ended with a {@linkcode CodexIdleTimeoutError}. Without
   * this limit a CLI that cannot reach the model retries forever.
   *
   * @default {undefined} No limit
   */
  idleTimeoutMs?: number;
}

/** Options of a review: it takes no schema, and no prompt but its instructions. */
export interface ReviewOptions
  extends Pick<TurnOptions, "signal" | "timeoutMs" | "idleTimeoutMs"> {}

/** Options of a thread that goes on: those of any thread, and what is known of it. */
export interface ResumeOptions extends ThreadOptions {
  /**
   * The token total of the thread so far, as `thread.usage` gave it: with it the first
   * turn's own share is known.
   *
   * @default {undefined} Not known
   */
  usageBefore?: Usage;
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
    /** The text; several are joined by blank lines. */
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
    /** The image; a string is a `data:` URL. It is kept in a private file while the turn runs. */
    image: ImageSource;
  };

/** A prompt: text, or texts and images. */
export type Input = string | UserInput[];
