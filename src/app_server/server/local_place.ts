import { resolveApiKey } from "../../cli/api_key.ts";
import { clientSettings, configArgs } from "../../cli/client_settings.ts";
import { API_KEY, buildEnv } from "../../cli/env.ts";
import { KnownSecrets } from "../../cli/known_secrets.ts";
import { checkLengths, explainStart } from "../../cli/length_limits.ts";
import { locateCodex } from "../../cli/locate/locate.ts";
import { hasFolder } from "../../cli/locate/paths.ts";
import { optionFlags } from "../../cli/option_args.ts";
import type { ChildWatch } from "../../cli/watched_child.ts";
import { absolutePath } from "../../cli/working_directory.ts";
import type { CodexOptions } from "../../options/options.ts";
import { CODEX_OPTIONS } from "../../options/table.ts";
import { currentRuntime } from "../../runtime/current.ts";
import { entryModule } from "../../runtime/entry_module.ts";
import type { Runtime, SpawnCommand } from "../../runtime/types.ts";
import type { ProcessWatcher } from "../../transport/process_watcher.ts";
import { localModelSettings } from "./local_model.ts";
import type { OpenedServer, ServerPlace } from "./server_place.ts";
import { ServerProcess } from "./server_process.ts";

/** The local machine, on which the server is a process of the client. */
export class LocalPlace implements ServerPlace {
  readonly isElsewhere = false;
  readonly #options: CodexOptions;
  readonly #graceMs: number;
  readonly #programFile = entryModule();
  readonly #watch: ChildWatch | undefined;
  /** The secrets that the server is given. */
  readonly secrets: KnownSecrets;

  /** Creates it for a client's options; nothing is looked up yet. */
  constructor(
    options: CodexOptions,
    graceMs: number,
    watcher?: ProcessWatcher,
  ) {
    this.#options = options;
    this.#watch = watcher && {
      watcher,
      redact: (text, isCut) => this.redact(text, isCut),
    };
    this.#graceMs = graceMs;
    this.secrets = new KnownSecrets(options);
  }

  /** Gets the key, finds the CLI, and starts it; see {@linkcode ServerPlace.open}. */
  async open(signal: AbortSignal): Promise<OpenedServer> {
    this.secrets.note();
    const runtime = currentRuntime();
    const given = await resolveApiKey(this.#options.apiKey, signal);
    this.secrets.add(given);
    signal.throwIfAborted();
    const apiKey = this.#apiKey(runtime, given);
    const command = await this.#command(runtime, given, apiKey);
    try {
      const link = await ServerProcess.start(runtime, command, {
        graceMs: this.#graceMs,
        watch: this.#watch,
      });
      return { link, apiKey };
    } catch (error) {
      const { args } = command;
      throw explainStart(error, { options: this.#options, args });
    }
  }

  /** Returns the key that the CLI would use under `codex exec`. */
  #apiKey(runtime: Runtime, given: string | undefined): string | undefined {
    const { env, envMode } = this.#options;
    if (given) return given;
    if (env !== undefined && Object.hasOwn(env, API_KEY)) {
      return env[API_KEY] || undefined;
    }
    return env === undefined || envMode === "merge"
      ? runtime.env(API_KEY) || undefined
      : undefined;
  }

  /** Removes secrets from a text; see {@linkcode ServerPlace.redact}. */
  redact(text: string, isCut?: boolean): string {
    return this.secrets.redactor.clean(text, isCut);
  }

  /**
   * Builds the command.
   *
   * @param given The key from the options.
   * @param apiKey The key that the CLI would use under `codex exec`.
   */
  async #command(
    runtime: Runtime,
    given: string | undefined,
    apiKey: string | undefined,
  ): Promise<SpawnCommand> {
    const { features, strictConfig } = this.#options;
    const settings = [
      ...clientSettings(this.#options),
      ...localModelSettings(this.#options),
    ];
    if (apiKey !== undefined) {
      // Otherwise the login would write auth.json, in clear text.
      settings.push('cli_auth_credentials_store="ephemeral"');
    }
    const args = [
      "app-server",
      ...optionFlags(CODEX_OPTIONS, { features, strictConfig }),
      ...configArgs(settings),
    ];
    checkLengths({ options: this.#options, args }, runtime);
    const { program, pathFolders } = await locateCodex(
      runtime,
      this.#options.codexPathOverride,
      this.#programFile,
    );
    const command = {
      program: hasFolder(program) ? absolutePath(runtime, program) : program,
      args,
      env: buildEnv({
        options: { ...this.#options, apiKey: given },
        hostEnv: (name) => runtime.env(name),
        fromHost: (path) => absolutePath(runtime, path),
        pathFolders,
        // Any turn may have its own tools.
        reachesHost: true,
        windows: runtime.platform === "win32",
      }),
      cwd: startFolder(runtime),
    };
    checkLengths({ options: this.#options, ...command }, runtime);
    return command;
  }
}

/** Returns a folder to start in if the program's own was removed; each turn has its own anyway. */
function startFolder(runtime: Runtime): string | undefined {
  try {
    runtime.cwd();
  } catch {
    return runtime.platform === "win32" ? undefined : "/";
  }
  return undefined;
}
