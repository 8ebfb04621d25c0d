/** A value of the CLI's configuration. */
export type CodexConfigValue =
  | string
  | number
  | boolean
  | CodexConfigValue[]
  | CodexConfigObject;

/** A part of the CLI's configuration: a table of `config.toml`, as an object. */
export interface CodexConfigObject {
  /** The value under a key; `undefined` is passed over. */
  [key: string]: CodexConfigValue | undefined;
}

// Keys that many use have types. The CLI has several hundred, so that each table is open.

/** The CLI's configuration; what has no type here is written as `config.toml` has it. */
export interface CodexConfig extends CodexConfigObject {
  /** The model. */
  model?: string;
  /** The provider of the model: a name of `model_providers`, or a built-in one. */
  model_provider?: string;
  /** Providers of models, by their names. */
  model_providers?: { [name: string]: CodexModelProvider | undefined };
  /** The effort that the model puts into reasoning. */
  model_reasoning_effort?: string;
  /** The summaries of its reasoning that the model writes: `auto`, `concise`, `detailed`, `none`. */
  model_reasoning_summary?: string;
  /** The length of the model's answers: `low`, `medium`, `high`. */
  model_verbosity?: string;
  /** The tokens that the model takes, where the CLI does not know. */
  model_context_window?: number;
  /** A file of instructions that take the place of the CLI's own. */
  model_instructions_file?: string;
  /** Instructions that are added to the CLI's own. */
  developer_instructions?: string;
  /** The moments at which the CLI asks for approval; `codex exec` never does. */
  approval_policy?: CodexConfigValue;
  /** The access that the agent's commands have to files: `read-only`, `workspace-write`, `danger-full-access`. */
  sandbox_mode?: string;
  /** More about the sandbox `workspace-write`. */
  sandbox_workspace_write?: CodexWorkspaceWrite;
  /** The variables that the agent's commands get. */
  shell_environment_policy?: CodexShellEnvironmentPolicy;
  /**
   * MCP servers, by their names. They are added to the user's own, and settings of one with
   * the same name go over that one's: an empty object takes no server away.
   */
  mcp_servers?: { [name: string]: CodexMcpServer | undefined };
  /** Features to turn on and off; the option `features` also says which the CLI does not know. */
  features?: { [name: string]: boolean | CodexConfigObject | undefined };
}

/** A provider of models. */
export interface CodexModelProvider extends CodexConfigObject {
  /** The name that is shown. */
  name?: string;
  /** The address of its API. */
  base_url?: string;
  /** The API that it speaks: `responses`. */
  wire_api?: string;
  /** The variable of the environment that holds its key. */
  env_key?: string;
  /** Parameters that are added to each address. */
  query_params?: { [name: string]: string | undefined };
  /** Headers of each request; their values show in the process list. */
  http_headers?: { [name: string]: string | undefined };
  /** Headers whose values are in variables of the environment. */
  env_http_headers?: { [name: string]: string | undefined };
  /** The number of times that a request which failed is repeated. */
  request_max_retries?: number;
  /** The number of times that a stream which broke off is repeated. */
  stream_max_retries?: number;
  /** The longest silence of a stream, in ms. */
  stream_idle_timeout_ms?: number;
  /** True if the login of the CLI is sent to it. */
  requires_openai_auth?: boolean;
  /** True if it can be talked to over a WebSocket. */
  supports_websockets?: boolean;
}

/** The sandbox in which the agent may write in its folder. */
export interface CodexWorkspaceWrite extends CodexConfigObject {
  /** Further folders that it may write in. */
  writable_roots?: string[];
  /** True if its commands may use the network. */
  network_access?: boolean;
  /** True if it may not write in the folder of `TMPDIR`. */
  exclude_tmpdir_env_var?: boolean;
  /** True if it may not write in `/tmp`. */
  exclude_slash_tmp?: boolean;
}

/** The variables that the agent's commands get. */
export interface CodexShellEnvironmentPolicy extends CodexConfigObject {
  /** The variables to begin with: `all`, `core`, `none`. */
  inherit?: string;
  /** False if variables with `KEY`, `SECRET` or `TOKEN` in their names are left out. */
  ignore_default_excludes?: boolean;
  /** Patterns of names to leave out. */
  exclude?: string[];
  /** Patterns of names to keep; without any, all. */
  include_only?: string[];
  /** Variables to set. */
  set?: { [name: string]: string | undefined };
}

/** An MCP server: a program, or an address. */
export interface CodexMcpServer extends CodexConfigObject {
  /** The program. */
  command?: string;
  /** Its arguments. */
  args?: string[];
  /** Variables of its environment; their values show in the process list. */
  env?: { [name: string]: string | undefined };
  /** Names of variables that it gets from the CLI's own environment. */
  env_vars?: CodexConfigValue[];
  /** The folder that it starts in. */
  cwd?: string;
  /** Its address. */
  url?: string;
  /** The variable of the environment that holds its token. */
  bearer_token_env_var?: string;
  /** Headers of each request; their values show in the process list. */
  http_headers?: { [name: string]: string | undefined };
  /** Headers whose values are in variables of the environment. */
  env_http_headers?: { [name: string]: string | undefined };
  /** False if it is left out. */
  enabled?: boolean;
  /** True if a turn fails where it cannot be started. */
  required?: boolean;
  /** The longest time that it may take to start, in seconds. */
  startup_timeout_sec?: number;
  /** The longest time that a call may take, in seconds. */
  tool_timeout_sec?: number;
  /** The tools that are offered; without any, all. */
  enabled_tools?: string[];
  /** Tools that are not offered. */
  disabled_tools?: string[];
  /** The approval of all its tools. */
  default_tools_approval_mode?: McpApprovalMode;
  /** The settings of single tools, by their names. */
  tools?: {
    [name: string]: CodexConfigObject & {
      /** The approval of this tool. */
      approval_mode?: McpApprovalMode;
    };
  };
}

/**
 * The times at which the CLI asks before an MCP tool is run. Under `codex exec` nobody
 * answers, so that only `approve` lets a tool run that may change something.
 */
export type McpApprovalMode =
  | "auto"
  | "prompt"
  | "writes"
  | "approve"
  // What a newer CLI may take, and strings whose type TypeScript has widened.
  | (string & Record<never, never>);
