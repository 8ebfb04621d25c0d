import type { CodexOrigin } from "../cli/locate/locate.ts";
import type { CodexOptions, ThreadOptions } from "../options/options.ts";

/** What the doctor looks at: a client and a thread as a program makes them. */
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

/** Something that is wrong, and what mends it. */
export interface DoctorProblem {
  /** True if a turn would fail by it; false for what works less well. */
  readonly fails: boolean;
  /** What is wrong. */
  readonly message: string;
  /** The command, or the setting, that mends it. */
  readonly mend: string;
}

/** A CLI that was found, or that turns would run unseen. */
export interface FoundCli {
  /** Its path, or its name where the system finds it. */
  readonly path: string;
  /**
   * What it was found by: the option, the variable `CODEX_PATH`, the npm package
   * `@openai/codex` installed for this package (`package`) or for the program
   * (`program`), or PATH; `null` where it was not looked for, since the runtime allows
   * neither that nor to run it.
   */
  readonly foundBy: CodexOrigin | null;
  /** Its version; `null` where it does not tell one. */
  readonly version: string | null;
}

/** The folder of the CLI's configuration and threads. */
export interface CodexHome {
  /** Its path; `null` where it is unknown. */
  readonly path: string | null;
  /** What names it: the variable, or the home of the user. */
  readonly setBy: "CODEX_HOME" | "default";
  /** True if it is there; `null` where that may not be looked at. */
  readonly exists: boolean | null;
  /** What there is of `config.toml` and the profile: `unread` may hold anything. */
  readonly config: "read" | "missing" | "unread" | "ignored";
}

/** How the CLI would log in; nothing of a login or a key itself. */
export interface LoginState {
  /** The variable, or the option, that holds a key; `null` for none. */
  readonly key: string | null;
  /** The login that the CLI has kept: with a ChatGPT account, or with a key. */
  readonly login: "chatgpt" | "api_key" | "none" | "unknown";
  /** The provider of the model, where one is configured; `null` for OpenAI. */
  readonly provider: string | null;
}

/** The folder that turns would work in. */
export interface WorkingFolder {
  /** Its path; `null` where it is gone. */
  readonly path: string | null;
  /** True if it is in a Git repository; `null` where that is not known. */
  readonly isRepository: boolean | null;
}

/** Something that the runtime may forbid. */
export interface PermissionState {
  /** The flag that grants it. */
  readonly flag: string;
  /** True if it is granted. */
  readonly granted: boolean;
}

/** An MCP server that turns would have. */
export interface McpServerState {
  /** Its name. */
  readonly name: string;
  /** True unless it is turned off. */
  readonly enabled: boolean;
  /**
   * True if `codex exec` refuses its tools, since nobody can approve them: all but those
   * that say `readOnlyHint`, and those of `approvedTools`.
   */
  readonly toolsRefused: boolean;
  /** The tools that are approved by themselves. */
  readonly approvedTools: readonly string[];
}

/** What ends the CLI, and all that came from it, in every case. */
export interface WatchState {
  /** True if a shell process ends the CLI when this program dies. */
  readonly watchdog: boolean;
  /** True if processes that have left the CLI's own tree are found, too. */
  readonly processTable: boolean;
}

/** A proxy that is set in the environment. */
export interface ProxyState {
  /** The variable. */
  readonly variable: string;
  /** Its value, without a name and a password. */
  readonly value: string;
}

/**
 * What the doctor has found: a plain value that JSON can hold, to be pasted into an issue.
 * It holds no key, no login, no name and password of a URL, no name of the user and no
 * path of their home, which is `~`.
 */
export interface DoctorReport {
  /** True if nothing would fail, as far as can be seen. */
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
  /** The CLI; `null` where there is none. */
  readonly cli: FoundCli | null;
  /** The CLI's home. */
  readonly home: CodexHome;
  /** The login, or the key. */
  readonly login: LoginState;
  /** The working directory. */
  readonly folder: WorkingFolder;
  /** What the runtime may forbid; empty where it forbids nothing. */
  readonly permissions: readonly PermissionState[];
  /** The MCP servers of the client and of `config.toml`. */
  readonly mcpServers: readonly McpServerState[];
  /** What watches over processes. */
  readonly watching: WatchState;
  /** The proxies. */
  readonly proxies: readonly ProxyState[];
  /** What is wrong, what would fail first. */
  readonly problems: readonly DoctorProblem[];
}
