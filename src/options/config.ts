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
  model?: string | undefined;
  /** The model provider: a name from `model_providers`, or a built-in one. */
  model_provider?: string | undefined;
  /** The model providers, by name. */
  model_providers?:
    | { [name: string]: CodexModelProvider | undefined }
    | undefined;
  /** The effort that the model puts into reasoning. */
  model_reasoning_effort?: string | undefined;
  /**
   * The reasoning summaries that the model writes: `auto`, `concise`, `detailed`, `none`.
   */
  model_reasoning_summary?: string | undefined;
  /** The length of the model's answers: `low`, `medium`, `high`. */
  model_verbosity?: string | undefined;
  /** The size of the model's context window, in tokens, if the CLI does not know it. */
  model_context_window?: number | undefined;
  /** A file with instructions that replace the CLI's own. */
  model_instructions_file?: string | undefined;
  /** Instructions that are added to the CLI's own. */
  developer_instructions?: string | undefined;
  /** The approval policy: when the CLI asks for approval; `codex exec` never asks. */
  approval_policy?: CodexConfigValue | undefined;
  /**
   * The access that the agent's commands have to files: `read-only`, `workspace-write`,
   * `danger-full-access`.
   */
  sandbox_mode?: string | undefined;
  /** Further settings of the `workspace-write` sandbox. */
  sandbox_workspace_write?: CodexWorkspaceWrite | undefined;
  /** The environment variables of the agent's commands. */
  shell_environment_policy?: CodexShellEnvironmentPolicy | undefined;
  /**
   * MCP servers, by name. They are added to the user's own, and override the settings of
   * a server with the same name; an empty object removes no server.
   */
  mcp_servers?: { [name: string]: CodexMcpServer | undefined } | undefined;
  /**
   * Features to turn on and off; unlike this setting, the option `features` rejects names
   * that the CLI does not know.
   */
  features?:
    | { [name: string]: boolean | CodexConfigObject | undefined }
    | undefined;
}

/** A model provider. */
export interface CodexModelProvider extends CodexConfigObject {
  /** The display name. */
  name?: string | undefined;
  /** The base URL of its API. */
  base_url?: string | undefined;
  /** The API that it implements: `responses`. */
  wire_api?: string | undefined;
  /** The environment variable that contains its key. */
  env_key?: string | undefined;
  /** Query parameters that are added to each URL. */
  query_params?: { [name: string]: string | undefined } | undefined;
  /** HTTP headers of each request; their values are visible in the process list. */
  http_headers?: { [name: string]: string | undefined } | undefined;
  /** HTTP headers whose values come from environment variables. */
  env_http_headers?: { [name: string]: string | undefined } | undefined;
  /** The number of times that a failed request is retried. */
  request_max_retries?: number | undefined;
  /** The number of times that an interrupted stream is retried. */
  stream_max_retries?: number | undefined;
  /** The longest time without data from a stream, in milliseconds. */
  stream_idle_timeout_ms?: number | undefined;
  /** True if the CLI's login is sent to the provider. */
  requires_openai_auth?: boolean | undefined;
  /** True if the provider supports WebSockets. */
  supports_websockets?: boolean | undefined;
}

/** The sandbox in which the agent may write in its folder. */
export interface CodexWorkspaceWrite extends CodexConfigObject {
  /** Further folders that the agent may write in. */
  writable_roots?: string[] | undefined;
  /** True if the agent's commands may use the network. */
  network_access?: boolean | undefined;
  /** True if the agent may not write in the folder of `TMPDIR`. */
  exclude_tmpdir_env_var?: boolean | undefined;
  /** True if the agent may not write in `/tmp`. */
  exclude_slash_tmp?: boolean | undefined;
}

/** The environment variables of the agent's commands. */
export interface CodexShellEnvironmentPolicy extends CodexConfigObject {
  /** The variables to start with: `all`, `core`, `none`. */
  inherit?: string | undefined;
  /** False to remove variables with `KEY`, `SECRET` or `TOKEN` in their names. */
  ignore_default_excludes?: boolean | undefined;
  /** Patterns of variable names to remove. */
  exclude?: string[] | undefined;
  /** Patterns of variable names to keep; all are kept if there are none. */
  include_only?: string[] | undefined;
  /** Variables to set. */
  set?: { [name: string]: string | undefined } | undefined;
}

/** An MCP server: a program, or a URL. */
export interface CodexMcpServer extends CodexConfigObject {
  /** The program to run. */
  command?: string | undefined;
  /** Its arguments. */
  args?: string[] | undefined;
  /**
   * Environment variables of the program; their values are visible in the process list.
   */
  env?: { [name: string]: string | undefined } | undefined;
  /** Names of variables that are passed on from the CLI's own environment. */
  env_vars?: CodexConfigValue[] | undefined;
  /** The folder that the program starts in. */
  cwd?: string | undefined;
  /** The URL of the server. */
  url?: string | undefined;
  /** The environment variable that contains the bearer token. */
  bearer_token_env_var?: string | undefined;
  /** HTTP headers of each request; their values are visible in the process list. */
  http_headers?: { [name: string]: string | undefined } | undefined;
  /** HTTP headers whose values come from environment variables. */
  env_http_headers?: { [name: string]: string | undefined } | undefined;
  /** False to disable the server. */
  enabled?: boolean | undefined;
  /** True if a turn fails when the server cannot be started. */
  required?: boolean | undefined;
  /** The longest time that it may take to start, in seconds. */
  startup_timeout_sec?: number | undefined;
  /** The longest time that a call may take, in seconds. */
  tool_timeout_sec?: number | undefined;
  /** The tools that are offered; all are offered if there are none. */
  enabled_tools?: string[] | undefined;
  /** The tools that are not offered. */
  disabled_tools?: string[] | undefined;
  /** The approval mode of all tools of the server. */
  default_tools_approval_mode?: McpApprovalMode | undefined;
  /** The settings of single tools, by name. */
  tools?: {
    [name: string]: CodexConfigObject & {
      /** The approval mode of this tool. */
      approval_mode?: McpApprovalMode | undefined;
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
