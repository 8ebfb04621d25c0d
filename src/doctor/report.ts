import type { CodexOrigin } from "../cli/locate/locate.ts";
import type { CodexOptions, ThreadOptions } from "../options/options.ts";

/** Options of `doctor`: those of the client and the thread to check. */
export interface DoctorOptions {
  /**
   * The options of the client.
   *
   * @default {{}}
   */
  readonly client?: CodexOptions;
  /**
   * The options of the thread.
   *
   * @default {{}}
   */
  readonly thread?: ThreadOptions;
}

/** A problem, and how to fix it. */
export interface DoctorProblem {
  /** `true` if it would make a turn fail; `false` if turns only work less well. */
  readonly fails: boolean;
  /** The description of the problem. */
  readonly message: string;
  /** The command or the setting that fixes it. */
  readonly fix: string;
}

/** The CLI that turns would run. */
export interface FoundCli {
  /** Its path, or its name if the system finds it. */
  readonly path: string;
  /**
   * The source of its path: the option, the variable `CODEX_PATH`, the npm package
   * `@openai/codex` installed for this package (`package`) or for the program
   * (`program`), or PATH; `null` if it could not be checked, since the runtime may neither
   * access nor run it.
   */
  readonly foundBy: CodexOrigin | null;
  /** Its version; `null` if it prints none. */
  readonly version: string | null;
}

/** The folder of the CLI's configuration and threads. */
export interface CodexHome {
  /** Its path; `null` if it is unknown. */
  readonly path: string | null;
  /** The source of the path: the variable, or the user's home. */
  readonly setBy: "CODEX_HOME" | "default";
  /** `true` if it exists; `null` if the runtime may not check. */
  readonly exists: boolean | null;
  /** The state of `config.toml` and of the profile's file; `unread` if one cannot be read. */
  readonly config: "read" | "missing" | "unread" | "ignored";
}

/** The login that the CLI would use, without any part of a login or a key. */
export interface LoginState {
  /** The variable or the option that holds a key; `null` if there is none. */
  readonly key: string | null;
  /** The CLI's saved login: with a ChatGPT account, or with a key. */
  readonly login: "chatgpt" | "api_key" | "none" | "unknown";
  /** The configured model provider; `null` for OpenAI. */
  readonly provider: string | null;
}

/** The folder that turns would work in. */
export interface WorkingFolder {
  /** Its path; `null` if it does not exist. */
  readonly path: string | null;
  /** `true` if it is in a Git repository; `null` if that is not known. */
  readonly isRepository: boolean | null;
}

/** A permission of the runtime. */
export interface PermissionState {
  /** The flag that grants it. */
  readonly flag: string;
  /** `true` if it is granted. */
  readonly granted: boolean;
}

/** An MCP server that turns would have. */
export interface McpServerState {
  /** Its name. */
  readonly name: string;
  /** `false` if it is turned off. */
  readonly enabled: boolean;
  /**
   * `true` if `codex exec` refuses its tools, since nobody can approve them; except those
   * with `readOnlyHint` and those in `approvedTools`.
   */
  readonly toolsRejected: boolean;
  /** The tools whose own setting approves them. */
  readonly approvedTools: readonly string[];
}

/** The means to end the CLI and the processes that it has started. */
export interface WatchState {
  /** `true` if a shell process ends the CLI when this program dies. */
  readonly watchdog: boolean;
  /** `true` if processes that have left the CLI's process tree are found, too. */
  readonly processTable: boolean;
}

/** A proxy that is set in the environment. */
export interface ProxyState {
  /** The variable. */
  readonly variable: string;
  /** Its value, without user name and password. */
  readonly value: string;
}

/**
 * The report of `doctor`: plain JSON, safe to paste into an issue. It contains no key or
 * login, no user name and password of a URL, and neither the user's name nor the path of
 * their home, which is `~`.
 */
export interface DoctorReport {
  /** `true` if nothing would fail, as far as can be checked. */
  readonly ok: boolean;
  /** The runtime and the system. */
  readonly runtime: {
    readonly name: string;
    readonly version: string;
    readonly platform: string;
    readonly arch: string;
  };
  /** This package. */
  readonly package: { readonly name: string; readonly version: string };
  /** The CLI; `null` if none is found. */
  readonly cli: FoundCli | null;
  /** The CLI's home. */
  readonly home: CodexHome;
  /** The login, or the key. */
  readonly login: LoginState;
  /** The working directory. */
  readonly folder: WorkingFolder;
  /** The runtime's permissions that turns need; empty if it enforces none. */
  readonly permissions: readonly PermissionState[];
  /** The MCP servers of the client and of `config.toml`. */
  readonly mcpServers: readonly McpServerState[];
  /** The means to end processes. */
  readonly watching: WatchState;
  /** The proxies. */
  readonly proxies: readonly ProxyState[];
  /** The problems, those that make turns fail first. */
  readonly problems: readonly DoctorProblem[];
}
