/** A value of the CLI's configuration. */
export type CodexConfigValue =
  | string
  | number
  | boolean
  | CodexConfigValue[]
  | CodexConfigObject;

/** A part of the CLI's configuration: a table of `config.toml`, as an object. */
export interface CodexConfigObject {
  /** The value of a key; `undefined` is ignored. */
  [key: string]: CodexConfigValue | undefined;
}

// Commonly used keys have types. The CLI has several hundred keys, so each table is open.

/** The CLI's configuration; keys without a type are written as in `config.toml`. */
export interface CodexConfig extends CodexConfigObject {
  /** The model. */
  model?: string;
  /** The model provider: a name from `model_providers`, or a built-in one. */
  model_provider?: string;
  /** The model providers, by name. */
  model_providers?: { [name: string]: CodexModelProvider | undefined };
  /** The effort that the model puts into reasoning. */
  model_reasoning_effort?: string;
  /**
   * The reasoning summaries that the model writes: `auto`, `concise`, `detailed`, `none`.
   */
  model_reasoning_summary?: string;
  /** The length of the model's answers: `low`, `medium`, `high`. */
  model_verbosity?: string;
  /** The size of the model's context window, in tokens, if the CLI does not know it. */
  model_context_window?: number;
  /** A file with instructions that replace the CLI's own. */
  model_instructions_file?: string;
  /** Instructions that are added to the CLI's own. */
  developer_instructions?: string;
  /** The approval policy: when the CLI asks for approval; `codex exec` never asks. */
  approval_policy?: CodexConfigValue;
  /**
   * The access that the agent's commands have to files: `read-only`, `workspace-write`,
   * `danger-full-access`.
   */
  sandbox_mode?: string;
  /** Further settings of the `workspace-write` sandbox. */
  sandbox_workspace_write?: CodexWorkspaceWrite;
  /** The environment variables of the agent's commands. */
  shell_environment_policy?: CodexShellEnvironmentPolicy;
  /**
   * MCP servers, by name. They are added to the user's own, and override the settings of
   * a server with the same name; an empty object removes no server.
   */
  mcp_servers?: { [name: string]: CodexMcpServer | undefined };
  /**
   * Features to turn on and off; unlike this setting, the option `features` rejects names
   * that the CLI does not know.
   */
  features?: { [name: string]: boolean | CodexConfigObject | undefined };
}

/** A model provider. */
export interface CodexModelProvider extends CodexConfigObject {
  /** The display name. */
  name?: string;
  /** The base URL of its API. */
  base_url?: string;
  /** The API that it implements: `responses`. */
  wire_api?: string;
  /** The environment variable that contains its key. */
  env_key?: string;
  /** Query parameters that are added to each URL. */
  query_params?: { [name: string]: string | undefined };
  /** HTTP headers of each request; their values are visible in the process list. */
  http_headers?: { [name: string]: string | undefined };
  /** HTTP headers whose values come from environment variables. */
  env_http_headers?: { [name: string]: string | undefined };
  /** The number of times that a failed request is retried. */
  request_max_retries?: number;
  /** The number of times that an interrupted stream is retried. */
  stream_max_retries?: number;
  /** The longest time without data from a stream, in milliseconds. */
  stream_idle_timeout_ms?: number;
  /** True if the CLI's login is sent to the provider. */
  requires_openai_auth?: boolean;
  /** True if the provider supports WebSockets. */
  supports_websockets?: boolean;
}

/** The sandbox in which the agent may write in its folder. */
export interface CodexWorkspaceWrite extends CodexConfigObject {
  /** Further folders that the agent may write in. */
  writable_roots?: string[];
  /** True if the agent's commands may use the network. */
  network_access?: boolean;
  /** True if the agent may not write in the folder of `TMPDIR`. */
  exclude_tmpdir_env_var?: boolean;
  /** True if the agent may not write in `/tmp`. */
  exclude_slash_tmp?: boolean;
}

/** The environment variables of the agent's commands. */
export interface CodexShellEnvironmentPolicy extends CodexConfigObject {
  /** The variables to start with: `all`, `core`, `none`. */
  inherit?: string;
  /** False to remove variables with `KEY`, `SECRET` or `TOKEN` in their names. */
  ignore_default_excludes?: boolean;
  /** Patterns of variable names to remove. */
  exclude?: string[];
  /** Patterns of variable names to keep; all are kept if there are none. */
  include_only?: string[];
  /** Variables to set. */
  set?: { [name: string]: string | undefined };
}

/** An MCP server: a program, or a URL. */
export interface CodexMcpServer extends CodexConfigObject {
  /** The program to run. */
  command?: string;
  /** Its arguments. */
  args?: string[];
  /**
   * Environment variables of the program; their values are visible in the process list.
   */
  env?: { [name: string]: string | undefined };
  /** Names of variables that are passed on from the CLI's own environment. */
  env_vars?: CodexConfigValue[];
  /** The folder that the program starts in. */
  cwd?: string;
  /** The URL of the server. */
  url?: string;
  /** The environment variable that contains the bearer token. */
  bearer_token_env_var?: string;
  /** HTTP headers of each request; their values are visible in the process list. */
  http_headers?: { [name: string]: string | undefined };
  /** HTTP headers whose values come from environment variables. */
  env_http_headers?: { [name: string]: string | undefined };
  /** False to disable the server. */
  enabled?: boolean;
  /** True if a turn fails when the server cannot be started. */
  required?: boolean;
  /** The longest time that it may take to start, in seconds. */
  startup_timeout_sec?: number;
  /** The longest time that a call may take, in seconds. */
  tool_timeout_sec?: number;
  /** The tools that are offered; all are offered if there are none. */
  enabled_tools?: string[];
  /** The tools that are not offered. */
  disabled_tools?: string[];
  /** The approval mode of all tools of the server. */
  default_tools_approval_mode?: McpApprovalMode;
  /** The settings of single tools, by name. */
  tools?: {
    [name: string]: CodexConfigObject & {
      /** The approval mode of this tool. */
      approval_mode?: McpApprovalMode;
    };
  };
}

/**
 * An approval mode: when the CLI asks before it runs an MCP tool. Nobody answers under
 * `codex exec`, so only `approve` allows a tool that may change something.
 */
export type McpApprovalMode =
  | "auto"
  | "prompt"
  | "writes"
  | "approve"
  // Values that a newer CLI may accept, and strings whose type TypeScript has widened.
  | (string & Record<never, never>);
