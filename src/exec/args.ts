import { CodexInputError } from "../errors/codex_error.ts";
import { checkThreadId } from "../input/thread_id.ts";
import type { CodexOptions, ThreadOptions } from "../options/options.ts";
import type { TurnRequest } from "../transport/transport.ts";
import {
  serializeConfigOverrides,
  toTomlValue,
} from "../cli/config_overrides.ts";

/** Everything that decides the CLI's arguments. */
export interface ArgsInput {
  /** The client's options. */
  readonly options: CodexOptions;
  /** The turn. */
  readonly request: Omit<TurnRequest, "images">;
  /** The paths of its images. */
  readonly images: readonly string[];
  /** The file that holds the output schema, if there is one. */
  readonly schemaPath: string | undefined;
}

/**
 * The arguments of `codex` for a turn. Their order is fixed: settings first, so
 * that a thread's own options win over `config`; options before `resume`, where
 * the CLI honours them (facts F11); images last, since `--image` takes every word
 * that follows it (facts F10).
 *
 * @throws {CodexInputError} For a value that the CLI would misread.
 * @throws {CodexConfigError} For a `config` that cannot be sent.
 */
export function buildArgs(
  { options, request, images, schemaPath }: ArgsInput,
): string[] {
  const thread = request.threadOptions;
  return [
    "exec",
    "--experimental-json",
    ...settings([
      ...serializeConfigOverrides(options.config ?? {}),
      ...rawSettings(options.configOverrides ?? []),
      ...setting("openai_base_url", options.baseUrl || undefined),
    ]),
    ...flag("--model", thread.model, "model"),
    ...(request.threadId === null
      ? flag("--thread-source", thread.threadSource, "threadSource")
      : []),
    ...flag("--sandbox", thread.sandboxMode, "sandboxMode"),
    ...pathFlag("--cd", thread.workingDirectory),
    ...(thread.additionalDirectories ?? []).flatMap((directory) =>
      pathFlag("--add-dir", directory)
    ),
    ...(thread.skipGitRepoCheck ? ["--skip-git-repo-check"] : []),
    ...pathFlag("--output-schema", schemaPath),
    ...flag(
      "--cyber-access-program",
      request.cyberAccessProgram,
      "cyberAccessProgram",
    ),
    ...settings([
      ...setting(
        "model_reasoning_effort",
        thread.modelReasoningEffort || undefined,
      ),
      ...setting(
        "sandbox_workspace_write.network_access",
        thread.networkAccessEnabled,
      ),
      ...setting("web_search", webSearch(thread)),
      ...setting("approval_policy", thread.approvalPolicy || undefined),
    ]),
    ...resume(request.threadId),
    ...images.flatMap((image) => pathFlag("--image", image)),
  ];
}

/** The flags whose value is left out of {@linkcode describeArgs}: all that take one. */
const FLAGS_WITH_VALUE: ReadonlySet<string> = new Set([
  "--model",
  "--thread-source",
  "--sandbox",
  "--cd",
  "--add-dir",
  "--output-schema",
  "--cyber-access-program",
  "--image",
]);

/** The arguments for an error: flags and setting names stay, values do not. */
export function describeArgs(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const before = args[index - 1] ?? "";
    if (FLAGS_WITH_VALUE.has(before)) return "…";
    if (before !== "--config") return arg;
    const equals = arg.indexOf("=");
    return equals === -1 ? "…" : `${arg.slice(0, equals)}=…`;
  });
}

function settings(overrides: readonly string[]): string[] {
  return overrides.flatMap((override) => ["--config", override]);
}

/** Settings that the caller wrote; one that begins with `-` would be read as a flag. */
function rawSettings(overrides: readonly string[]): readonly string[] {
  const culprit = overrides.findIndex((override) => override.startsWith("-"));
  if (culprit === -1) return overrides;
  const path = `configOverrides[${culprit}]`;
  throw new CodexInputError(
    `Cannot send ${path} to the CLI: it begins with "-" and would be read as a flag`,
    { path },
  );
}

function setting(key: string, value: string | boolean | undefined): string[] {
  return value === undefined || value === null
    ? []
    : [`${key}=${toTomlValue(value, key)}`];
}

function flag(
  name: string,
  value: string | undefined,
  option: string,
): string[] {
  if (!value) return [];
  if (value.startsWith("-")) {
    throw new CodexInputError(
      `Cannot send ${option} to the CLI: it begins with "-" and would be read as a flag`,
      { path: option },
    );
  }
  return [name, value];
}

/** A path that begins with `-` would be read as a flag: `./-x` is the same file. */
function pathFlag(name: string, path: string | undefined): string[] {
  if (!path) return [];
  return [name, path.startsWith("-") ? `./${path}` : path];
}

/** Nothing but a thread's id follows `resume`: anything else could be read as a flag (facts F9). */
function resume(threadId: string | null): string[] {
  if (threadId === null) return [];
  checkThreadId(threadId);
  return ["resume", threadId];
}

function webSearch(thread: ThreadOptions): string | undefined {
  if (thread.webSearchMode) return thread.webSearchMode;
  if (thread.webSearchEnabled === true) return "live";
  if (thread.webSearchEnabled === false) return "disabled";
  return undefined;
}
