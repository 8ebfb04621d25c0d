import type { JsonObject } from "./protocol/json.ts";

/** A value of the CLI's configuration. */
export type CodexConfigValue =
  | string
  | number
  | boolean
  | CodexConfigValue[]
  | CodexConfigObject;

/** A part of the CLI's configuration: what `config.toml` holds, as an object. */
export interface CodexConfigObject {
  /** The value under a key; `undefined` is passed over. */
  [key: string]: CodexConfigValue | undefined;
}

/** Options of {@linkcode Codex}. */
export interface CodexOptions {
  /**
   * The CLI to run: a path, or a name to be found on PATH. Left out, it is looked
   * for in `CODEX_PATH`, in the npm package `@openai/codex` near the working
   * directory, and on PATH, before the first turn.
   */
  codexPathOverride?: string;
  /** The service's address; sent as the `openai_base_url` setting. */
  baseUrl?: string;
  /** The key; sent as `CODEX_API_KEY` in the CLI's environment. */
  apiKey?: string;
  /**
   * Settings that override `config.toml`, as an object. Nested objects are sent
   * as dotted paths; where a key is no bare TOML key, the object that holds it is
   * sent whole (facts F12). At the top level a dotted key is a path itself.
   */
  config?: CodexConfigObject;
  /** Raw `key=value` settings, sent as they are after `config`. */
  configOverrides?: string[];
  /** Environment variables for the CLI; see {@linkcode CodexOptions.envMode}. A value of `undefined` leaves the variable out. */
  env?: { [name: string]: string | undefined };
  /**
   * What `env` means: `replace`, the CLI gets these variables only; `merge`, it
   * gets them on top of the host's own.
   *
   * @default {"replace"}
   */
  envMode?: "replace" | "merge";
  /**
   * Whether an event of an unknown kind or with a wrong field ends the turn with
   * a {@linkcode CodexProtocolError}, rather than being delivered as `unknown`.
   *
   * @default {false}
   */
  strictEvents?: boolean;
  /**
   * The longest line of the CLI's output that is read, in bytes; a longer one
   * ends the turn with a {@linkcode CodexLineTooLongError}.
   *
   * @default {402653184} 384 MiB
   */
  maxLineBytes?: number;
  /**
   * How long each step of ending the CLI may take, in ms: SIGINT, SIGTERM, SIGKILL.
   * A turn that is cancelled is over after three of them at the latest, whatever
   * the CLI and its commands do.
   *
   * @default {2000}
   */
  shutdownGraceMs?: number;
  /**
   * Whether the CLI ends when this program does, however it does: by itself, by an
   * uncaught error, by a signal. A small shell process watches over that while a
   * turn runs; there is none on Windows, nor where Deno may not run `/bin/sh`.
   *
   * @default {true}
   */
  endWithHost?: boolean;
}

/** When the CLI may ask for approval; under `codex exec` it cannot ask (facts F23). */
export type ApprovalMode = "never" | "on-request" | "on-failure" | "untrusted";

/** What the agent's commands may touch. */
export type SandboxMode =
  | "read-only"
  | "workspace-write"
  | "danger-full-access";

/** How hard the model thinks. */
export type ModelReasoningEffort =
  | "minimal"
  | "low"
  | "medium"
  | "high"
  | "xhigh"
  | "max"
  | "ultra"
  | "persistent";

/** Whether the agent may search the web, from a cache or live. */
export type WebSearchMode = "disabled" | "cached" | "live";

/** Options of a thread. They are sent with every turn: the CLI does not remember them. */
export interface ThreadOptions {
  /** The model. */
  model?: string;
  /** What the thread is for, as a word for the service; sent when the thread is opened only. */
  threadSource?: string;
  /** What the agent's commands may touch. */
  sandboxMode?: SandboxMode;
  /** The folder that the agent works in; the host's own by default. */
  workingDirectory?: string;
  /** Whether the folder need not be a Git repository. */
  skipGitRepoCheck?: boolean;
  /** How hard the model thinks. */
  modelReasoningEffort?: ModelReasoningEffort;
  /** Whether commands in the `workspace-write` sandbox may use the network. */
  networkAccessEnabled?: boolean;
  /** Whether the agent may search the web; goes before `webSearchEnabled`. */
  webSearchMode?: WebSearchMode;
  /** Whether the agent may search the web: `true` is `live`, `false` is `disabled`. */
  webSearchEnabled?: boolean;
  /** When the CLI may ask for approval. */
  approvalPolicy?: ApprovalMode;
  /** Further folders that the agent may write in. */
  additionalDirectories?: string[];
}

/** The access program asked for, with the built-in provider only. */
export type CyberAccessProgram = "standard" | "daybreak_blue" | "daybreak_red";

/**
 * A type that the answer must have: a zod 4 schema, of `zod` or `zod/mini`.
 *
 * @typeParam T What the schema reads the answer as.
 */
export interface OutputType<T> {
  /** What makes it a schema of zod 4, any copy of it. */
  readonly _zod: {
    /** What the schema reads a value as; there for the compiler only. */
    readonly output: T;
  };
}

/** Options of a turn. */
export interface TurnOptions<T = unknown> {
  /**
   * The shape of the answer, as JSON Schema; sent as it is. The answer is then
   * parsed as JSON, but not held against the schema.
   */
  outputSchema?: JsonObject | object;
  /**
   * The type of the answer. Its JSON Schema is sent (unless `outputSchema` is
   * given), and `structuredResponse` is the answer as this type reads it.
   */
  outputType?: OutputType<T>;
  /** The access program asked for. */
  cyberAccessProgram?: CyberAccessProgram;
  /** Cancels the turn: a waiting one is never started, a running one is ended. */
  signal?: AbortSignal;
  /**
   * How long the turn may take, in ms, from the moment its place on the thread has
   * come; a longer one is ended with a {@linkcode CodexTimeoutError}.
   *
   * @default {undefined} No limit
   */
  timeoutMs?: number;
  /**
   * How long the CLI may print no event, in ms, while no command or tool is at work;
   * a turn that waits longer is ended with a {@linkcode CodexIdleTimeoutError}. A CLI
   * that cannot reach the model tries again without end (facts F19): this is the
   * limit for that.
   *
   * @default {undefined} No limit
   */
  idleTimeoutMs?: number;
}

/** One part of a prompt: text, or the path of an image. */
export type UserInput =
  | {
    /** Tells text from images. */
    type: "text";
    /** The text; several are joined by blank lines. */
    text: string;
  }
  | {
    /** Tells images from text. */
    type: "local_image";
    /** The image's path. */
    path: string;
  };

/** A prompt: text, or texts and images. */
export type Input = string | UserInput[];
