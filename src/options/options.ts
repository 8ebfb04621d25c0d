import type { JsonObject } from "../protocol/json.ts";

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
   * for in `CODEX_PATH`, in the npm package `@openai/codex` that is installed for
   * this package or for the program, and on PATH, before the first turn. Never in the
   * working directory, unless this says so.
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
  /** The folder that the agent works in, and the CLI starts in; the host's own by default. */
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
 * A type that the answer must have: a schema of zod 4, a Standard Schema that gives
 * its JSON Schema (valibot and arktype among others), or a JSON Schema of your own
 * with a function that reads the answer.
 *
 * @typeParam T What the type reads the answer as.
 */
export type OutputType<T> =
  | ZodOutputType<T>
  | StandardOutputType<T>
  | CustomOutputType<T>;

/** A schema of zod 4, of `zod` or `zod/mini`, any copy of it. */
export interface ZodOutputType<T> {
  /** What makes it a schema of zod 4. */
  readonly _zod: {
    /** What the schema reads a value as; there for the compiler only. */
    readonly output: T;
  };
}

/**
 * A Standard Schema (version 1). Its JSON Schema is asked for by Standard JSON
 * Schema, as arktype has it by itself and valibot by `toStandardJsonSchema`; one
 * without goes together with an `outputSchema`.
 */
export interface StandardOutputType<T> {
  /** What makes it a Standard Schema. */
  readonly "~standard": {
    /** The version of the standard. */
    readonly version: 1;
    /** The library that the schema is of. */
    readonly vendor: string;
    /** Validates a value, at once or later. */
    readonly validate: (
      value: unknown,
    ) => StandardResult<T> | Promise<StandardResult<T>>;
    /** What goes in and what comes out; there for the compiler only. */
    readonly types?: {
      /** What goes in. */
      readonly input: unknown;
      /** What comes out. */
      readonly output: T;
    } | undefined;
    /** Writes its JSON Schema. */
    readonly jsonSchema?: {
      /** The schema of what goes in. */
      readonly input: (options: {
        /** The version of JSON Schema. */
        readonly target: "draft-2020-12" | "draft-07";
      }) => { [key: string]: unknown };
    } | undefined;
  };
}

/** What a Standard Schema makes of a value. */
export type StandardResult<T> =
  | {
    /** The value, as the schema reads it. */
    readonly value: T;
    /** Nothing is wrong. */
    readonly issues?: undefined;
  }
  | {
    /** What is wrong. */
    readonly issues: readonly {
      /** What is wrong there. */
      readonly message: string;
      /** Where it is: keys, or objects with a key. */
      readonly path?:
        | readonly (PropertyKey | { readonly key: PropertyKey })[]
        | undefined;
    }[];
  };

/** A JSON Schema and a function that reads the answer by it. */
export interface CustomOutputType<T> {
  /** The JSON Schema; sent in the form that strict mode takes, as that of any type. */
  readonly schema: JsonObject | object;
  /** Reads the answer, once it is parsed; throws, or rejects, if it is not what was asked for. */
  readonly parse: (value: unknown) => T | Promise<T>;
}

/** Options of a turn. */
export interface TurnOptions<T = unknown> {
  /**
   * The shape of the answer, as JSON Schema; sent as it is. The answer is then
   * parsed as JSON, but not held against the schema. What the model's strict mode
   * will not take (facts F18) is told in the turn's `warnings`. Of any type, as in
   * the official SDK; what is no JSON object is refused with a
   * {@linkcode CodexOutputSchemaError}.
   */
  outputSchema?: unknown;
  /**
   * The type of the answer. Its JSON Schema is sent (unless `outputSchema` is
   * given) in the form that the model's strict mode takes, and `structuredResponse`
   * is the answer as this type reads it. A type of a library is asked for its schema
   * once, in its first turn; a plain schema may be changed between turns.
   */
  outputType?: OutputType<T>;
  /**
   * Whether the schema of `outputType` is brought into the form that the model's
   * strict mode takes (facts F18), and what has none is refused. With `false` it is
   * sent as its library writes it; the CLI still asks for strict mode, so that is
   * for models behind other services.
   *
   * @default {true}
   */
  strict?: boolean;
  /**
   * How often an answer that is not what was asked for is sent back with what is
   * wrong with it, as a further turn of the thread: from 0 to 10. The first valid
   * answer counts; where there is none, `structuredResponse` throws as ever.
   *
   * @default {0}
   */
  repair?: number;
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

/**
 * An image that need not be a file: its bytes, a `Blob`, a `data:` URL, or a
 * `file:` URL. Nothing is fetched from the network.
 */
export type ImageSource = Uint8Array | ArrayBuffer | Blob | URL | string;

/**
 * One part of a prompt: text, the path of an image, or an image from memory.
 * Images are PNG, JPEG, GIF or WebP; which one is told by their content.
 */
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
  }
  | {
    /** Tells images from memory from those on disk. */
    type: "image";
    /** The image; a string is a `data:` URL. It is written to a private file for as long as the turn runs. */
    image: ImageSource;
  };

/** A prompt: text, or texts and images. */
export type Input = string | UserInput[];
