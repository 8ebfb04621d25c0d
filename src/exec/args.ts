import { checkThreadId } from "../input/thread_id.ts";
import { CodexInputError } from "../errors/codex_error.ts";
import type { CodexOptions, ThreadOptions } from "../options/options.ts";
import {
  CODEX_OPTIONS,
  THREAD_OPTIONS,
  TURN_OPTIONS,
} from "../options/table.ts";
import type { ReviewTarget } from "../transport/origin.ts";
import type { UnrunRequest } from "../transport/transport.ts";
import { clientSettings, configArgs } from "../cli/client_settings.ts";
import { EVENTS, IMAGE, OUTPUT_SCHEMA } from "../cli/describe_args.ts";
import { webSearchMode } from "../cli/web_search_mode.ts";
import type { ToolServer } from "../tools/tool_server.ts";
import { toolSettings } from "./tool_settings.ts";
import { optionFlags, optionSettings, pathFlag } from "../cli/option_args.ts";

/** Everything that decides the CLI's arguments. */
export interface ArgsInput {
  /** The client's options. */
  readonly options: CodexOptions;
  /** The turn. */
  readonly request: Omit<UnrunRequest, "images">;
  /** The paths of the turn's images. */
  readonly images: readonly string[];
  /** The file that contains the output schema, if there is one. */
  readonly schemaPath: string | undefined;
  /** The server of the turn's tools, if it has any. */
  readonly toolServer?: Pick<ToolServer, "url" | "timeoutMs"> | undefined;
}

/**
 * Returns the arguments of `codex` for a turn, in a fixed order. The caller's own flags
 * come first, so that a flag whose value is missing cannot consume an argument that
 * decides the thread (facts F53). Settings follow, so that a thread's own options
 * override `config`. Options come before `resume`, where the CLI respects them (facts
 * F11). Images come last, since `--image` takes all arguments that follow it (facts F10).
 * Within each group, the order is that of the tables' rows.
 *
 * @throws {CodexInputError} For a value that the CLI would misread.
 * @throws {CodexConfigError} For a `config` that cannot be sent.
 */
export function buildArgs(
  { options, request, images, schemaPath, toolServer }: ArgsInput,
): string[] {
  const client = sentClientOptions(options);
  const thread = sentThreadOptions(options, request);
  const settings = clientSettings(options);
  return [
    "exec",
    ...options.extraArgs ?? [],
    EVENTS,
    ...configArgs(settings),
    ...configArgs(
      toolServer === undefined
        ? []
        : toolSettings(options, toolServer, settings),
    ),
    ...optionFlags(CODEX_OPTIONS, client),
    ...optionFlags(THREAD_OPTIONS, thread),
    ...pathFlag(OUTPUT_SCHEMA, schemaPath),
    ...optionFlags(TURN_OPTIONS, request),
    ...configArgs([
      ...optionSettings(THREAD_OPTIONS, thread),
      ...optionSettings(TURN_OPTIONS, request),
    ]),
    ...subcommand(request),
    ...images.flatMap((image) => pathFlag(IMAGE, image)),
  ];
}

/** Returns the client's options as they are sent: `hermetic` is replaced by others. */
function sentClientOptions(options: CodexOptions): CodexOptions {
  if (!options.hermetic) return options;
  return { ...options, ignoreUserConfig: true, ignoreRules: true };
}

/**
 * Returns the thread's options as they are sent: resolves options that depend on others.
 */
function sentThreadOptions(
  { hermetic }: CodexOptions,
  { threadId, threadOptions }: ArgsInput["request"],
): ThreadOptions {
  return {
    ...threadOptions,
    ephemeral: threadOptions.ephemeral || hermetic,
    // The source applies to a new thread or a copy only (facts F13).
    threadSource: threadId === null ? threadOptions.threadSource : undefined,
    webSearchMode: webSearchMode(threadOptions),
  };
}

/**
 * Returns the subcommand. Only a thread's id may follow `resume` and `fork`: the CLI
 * could read anything else as a flag (facts F9). `-` says that the prompt comes from
 * stdin, for subcommands that otherwise have no prompt.
 */
function subcommand(
  { threadId, origin, review }: ArgsInput["request"],
): string[] {
  if (review !== undefined) {
    if (threadId !== null || origin.type !== "new") {
      throw new CodexInputError(
        "Cannot review on a resumed thread: codex exec reviews on a new thread; use startThread().review(), or CodexAppServer",
        { path: "thread" },
      );
    }
    return ["review", ...reviewArgs(review)];
  }
  if (threadId !== null) {
    checkThreadId(threadId);
    return ["resume", threadId];
  }
  switch (origin.type) {
    case "new":
      return [];
    case "fork":
      checkThreadId(origin.threadId, "fork");
      return ["fork", origin.threadId, "-"];
    case "last":
      return ["resume", "--last", "-"];
  }
}

function reviewArgs(target: ReviewTarget): string[] {
  if ("uncommitted" in target) return ["--uncommitted"];
  if ("base" in target) return ["--base", target.base];
  if ("commit" in target) return ["--commit", target.commit];
  return ["-"];
}
