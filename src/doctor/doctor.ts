import { buildEnv, makeReader } from "../cli/env.ts";
import { checkGitRepository } from "../cli/git_repository.ts";
import { isOlder, MIN_SERVER_VERSION } from "../cli/cli_version.ts";
import { traceCodex } from "../cli/locate/locate.ts";
import { readProcessTable } from "../cli/terminate/process_table.ts";
import { hasFolder } from "../cli/locate/paths.ts";
import { randomMarker } from "../cli/terminate/marker.ts";
import { absolutePath, workingDirectory } from "../cli/working_directory.ts";
import {
  CodexError,
  CodexInputError,
  CodexPermissionError,
} from "../errors/codex_error.ts";
import { readVersion } from "../exec/version_probe.ts";
import { ownCodexOptions, ownThreadOptions } from "../options/check.ts";
import type { CodexOptions, ThreadOptions } from "../options/options.ts";
import { currentRuntime } from "../runtime/current.ts";
import { entryModule } from "../runtime/entry_module.ts";
import { currentHost } from "../runtime/host.ts";
import type { Runtime } from "../runtime/types.ts";
import { VERSION } from "../util/version.ts";
import { concealer } from "./conceal.ts";
import { readHome } from "./config_files.ts";
import { readLogin } from "./login.ts";
import { approvingSetting, listMcpServers } from "./mcp_servers.ts";
import { listProxies } from "./proxies.ts";
import type {
  DoctorOptions,
  DoctorProblem,
  DoctorReport,
  FoundCli,
  PermissionState,
  WatchState,
  WorkingFolder,
} from "./report.ts";
import { mergeSettings } from "./settings.ts";

/** The time that each signal has to end a program that does not print its version, in ms. */
const GRACE_MS = 500;

/** The command that installs the newest CLI. */
const UPDATE = "npm install @openai/codex@latest";

/** The shell that runs the watchdog. */
const SHELL = "/bin/sh";

/**
 * Checks everything that a turn needs on this machine, and reports what would fail, each
 * problem with the command that fixes it. It runs `codex --version`, with a time limit, and
 * reads files; it makes no network requests and changes nothing.
 *
 * @param options The client and the thread to check.
 * @returns The report; it contains no secrets, and nothing that identifies the user.
 * @throws {CodexInputError} For an invalid option.
 *
 * @example Print the problems before the first turn
 * ```ts
 * import { doctor } from "@acodex/sdk/doctor";
 *
 * const report = await doctor({ thread: { workingDirectory: "." } });
 * for (const { message, fix } of report.problems) console.log(message, fix);
 * ```
 */
export async function doctor(
  options: DoctorOptions = {},
): Promise<DoctorReport> {
  const client = ownCodexOptions(options.client ?? {});
  const thread = ownThreadOptions(options.thread ?? {});
  const runtime = currentRuntime();
  const report = await examine(runtime, client, thread);
  const read = (name: string): string | undefined => runtime.env(name);
  const conceal = concealer({
    homes: [read("HOME"), read("USERPROFILE")],
    names: ["USER", "LOGNAME", "USERNAME"].map(read),
  });
  return mapTexts(report, conceal) as DoctorReport;
}

async function examine(
  runtime: Runtime,
  client: CodexOptions,
  thread: ThreadOptions,
): Promise<DoctorReport> {
  const host = currentHost();
  const read = makeReader({
    options: client,
    hostEnv: (name) => runtime.env(name),
    windows: runtime.platform === "win32",
  });
  const problems: DoctorProblem[] = [];
  const fails = (message: string, fix: string): void =>
    void problems.push({ fails: true, message, fix });
  const warns = (message: string, fix: string): void =>
    void problems.push({ fails: false, message, fix });

  const ofFolder: DoctorProblem[] = [];
  const folder = await checkFolder(
    runtime,
    thread,
    (message, fix) => ofFolder.push({ fails: true, message, fix }),
  );
  const cli = await findCli(runtime, client, folder, { fails, warns });
  // Problems with the CLI come first.
  problems.push(...ofFolder);
  const permissions = host.permissions(cli?.path ?? "codex");
  const { home, settings: files, auth } = await readHome(runtime, client);
  const settings = mergeSettings(files, client);
  const { login, problem } = readLogin({
    options: client,
    settings,
    auth,
    // A CLI that npm has installed locally is not on PATH.
    command: cli?.foundBy === "package" || cli?.foundBy === "program"
      ? "npx codex"
      : "codex",
    isSet: (name) => Boolean(read(name)),
  });
  if (problem !== undefined) {
    // Without the configuration it is not known which login the CLI needs.
    problems.push({ ...problem, fails: home.config !== "unread" });
  }
  if (home.config === "unread") {
    warns(
      "The CLI's config.toml could not be read: its logins and MCP servers are unknown",
      runtime.name === "deno"
        ? "deno run --allow-read --allow-env …"
        : "ls -l ~/.codex/config.toml",
    );
  }
  const mcpServers = listMcpServers(settings, thread);
  for (const server of mcpServers.filter((each) => each.toolsRejected)) {
    warns(
      `Turns of codex exec refuse the tools of the MCP server ${server.name}, except those with readOnlyHint: nobody can approve them`,
      approvingSetting(server),
    );
  }
  const watching = await checkWatching(runtime, client);
  if (!watching.watchdog) {
    warns(
      "Nothing ends the CLI if this program dies during a turn",
      watchdogMend(runtime, client, permissions),
    );
  }
  return {
    ok: !problems.some((each) => each.fails),
    runtime: {
      name: runtime.name,
      version: host.version,
      platform: runtime.platform,
      arch: runtime.arch,
    },
    package: { name: "@acodex/sdk", version: VERSION },
    cli,
    home,
    login,
    folder,
    permissions,
    mcpServers,
    watching,
    proxies: listProxies(read),
    problems: problems.sort((a, b) => Number(b.fails) - Number(a.fails)),
  };
}

type Tell = (message: string, fix: string) => void;

/** Checks the folder that turns would work in. */
async function checkFolder(
  runtime: Runtime,
  thread: ThreadOptions,
  fails: Tell,
): Promise<WorkingFolder> {
  let path: string;
  try {
    path = await workingDirectory(runtime, thread.workingDirectory) ??
      runtime.cwd();
  } catch (error) {
    fails(readMessage(error), `cd ${thread.workingDirectory || "~"}`);
    return { path: null, isRepository: null };
  }
  try {
    await checkGitRepository(runtime, path);
  } catch (error) {
    if (!(error instanceof CodexInputError)) throw error;
    if (!thread.skipGitRepoCheck) {
      fails(
        "The folder is not in a Git repository: the CLI refuses to work there",
        "git init (or: skipGitRepoCheck: true)",
      );
    }
    return { path, isRepository: false };
  }
  return { path, isRepository: await mayRead(runtime, path) ? true : null };
}

/** Tells whether the runtime may access a path. */
async function mayRead(runtime: Runtime, path: string): Promise<boolean> {
  try {
    await runtime.fileKind(path);
    return true;
  } catch {
    return false;
  }
}

/** Finds the CLI, and runs it to get its version. */
async function findCli(
  runtime: Runtime,
  client: CodexOptions,
  folder: WorkingFolder,
  { fails, warns }: { readonly fails: Tell; readonly warns: Tell },
): Promise<FoundCli | null> {
  let found: FoundCli | null = null;
  try {
    const { located, origin } = await traceCodex(
      runtime,
      client.codexPathOverride,
      entryModule(),
    );
    const { program, pathFolders } = located;
    found = { path: program, foundBy: origin, version: null };
    if (!runtime.mayRun(program)) {
      const flag = `--allow-run=${program}`;
      fails(
        `The CLI may not be run: Deno needs ${flag}`,
        withFlag(runtime, flag),
      );
      const isSeen = hasFolder(program) && await mayRead(runtime, program);
      return isSeen ? found : { ...found, foundBy: null };
    }
    const env = buildEnv({
      options: { ...client, apiKey: undefined },
      hostEnv: (name) => runtime.env(name),
      pathFolders,
      windows: runtime.platform === "win32",
    });
    const full = hasFolder(program) ? absolutePath(runtime, program) : program;
    const cwd = folder.path ?? undefined;
    // A path below a file cannot exist: otherwise the CLI would create its home.
    const set = { ...env.set, CODEX_HOME: `${full}/none` };
    const version = await readVersion(
      runtime,
      {
        program: full,
        args: [],
        env: { ...env, set },
        cwd,
      },
      { graceMs: GRACE_MS, endWithHost: client.endWithHost },
    );
    if (version === null) {
      warns(
        `The version of the CLI is unknown: ${program} --version printed none`,
        UPDATE,
      );
    } else if (isOlder(version, MIN_SERVER_VERSION)) {
      warns(
        `The CLI is ${version}: CodexAppServer needs ${MIN_SERVER_VERSION} or newer, and some options need an even newer one`,
        UPDATE,
      );
    }
    return { ...found, version };
  } catch (error) {
    fails(readMessage(error), cliMend(runtime, error));
    return found;
  }
}

/** Returns the command that fixes a CLI that is not found or cannot be started. */
function cliMend(runtime: Runtime, error: unknown): string {
  if (error instanceof CodexPermissionError) {
    return withFlag(runtime, error.flag);
  }
  return "npm install @openai/codex (or: npm install -g @openai/codex)";
}

/** Returns the command that runs a program with a permission. */
function withFlag({ name }: Runtime, flag: string): string {
  return `${name === "deno" ? "deno run" : name} ${flag} …`;
}

/** Checks what would end the CLI and the processes that it starts. */
async function checkWatching(
  runtime: Runtime,
  { endWithHost = true }: CodexOptions,
): Promise<WatchState> {
  const hasShell = runtime.platform !== "win32" && runtime.mayRun(SHELL);
  const table = await readProcessTable(runtime, randomMarker());
  return {
    watchdog: hasShell && endWithHost,
    processTable: table !== undefined,
  };
}

function watchdogMend(
  runtime: Runtime,
  { endWithHost = true }: CodexOptions,
  permissions: readonly PermissionState[],
): string {
  if (!endWithHost) return "endWithHost: true";
  const flag = permissions.find(({ flag }) => flag.endsWith(SHELL))?.flag;
  if (runtime.platform !== "win32" && flag) return withFlag(runtime, flag);
  return "use await using, or abort turns by a signal, before the program ends";
}

function readMessage(error: unknown): string {
  return error instanceof CodexError ? error.message : String(error);
}

/** Maps all strings in a plain value. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, mapTexts(each, change)]),
  );
}
