import { checkThreadId } from "../input/thread_id.ts";
import type { CodexOptions, ThreadOptions } from "../options/options.ts";
import {
  CODEX_OPTIONS,
  OPTION_TABLES,
  THREAD_OPTIONS,
  TURN_OPTIONS,
} from "../options/table.ts";
import type { TurnRequest } from "../transport/transport.ts";
import { serializeConfigOverrides } from "../cli/config_overrides.ts";
import {
  checkNoFlag,
  flagsWithValue,
  optionFlags,
  optionSettings,
  pathFlag,
} from "./option_args.ts";

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

/** The flags that come from the prompt and the turn's files rather than from options. */
const OUTPUT_SCHEMA = "--output-schema";
const IMAGE = "--image";

/**
 * Gives the arguments of `codex` for a turn. Their order is fixed: settings first, so
 * that a thread's own options win over `config`; options before `resume`, where
 * the CLI honours them (facts F11); images last, since `--image` takes every word
 * that follows it (facts F10). Within each, the tables' rows decide.
 *
 * @throws {CodexInputError} For a value that the CLI would misread.
 * @throws {CodexConfigError} For a `config` that cannot be sent.
 */
export function buildArgs(
  { options, request, images, schemaPath }: ArgsInput,
): string[] {
  const thread = sentThreadOptions(request);
  return [
    "exec",
    "--experimental-json",
    ...configArgs([
      ...serializeConfigOverrides(options.config ?? {}),
      ...rawSettings(options.configOverrides ?? []),
      ...optionSettings(CODEX_OPTIONS, options),
    ]),
    ...optionFlags(CODEX_OPTIONS, options),
    ...optionFlags(THREAD_OPTIONS, thread),
    ...pathFlag(OUTPUT_SCHEMA, schemaPath),
    ...optionFlags(TURN_OPTIONS, request),
    ...configArgs([
      ...optionSettings(THREAD_OPTIONS, thread),
      ...optionSettings(TURN_OPTIONS, request),
    ]),
    ...resume(request.threadId),
    ...images.flatMap((image) => pathFlag(IMAGE, image)),
  ];
}

/** Describes the arguments for an error: flags and setting names stay, values do not. */
export function describeArgs(args: readonly string[]): string[] {
  const beforeValue = new Set<string>([
    ...Object.values(OPTION_TABLES).flatMap(flagsWithValue),
    OUTPUT_SCHEMA,
    IMAGE,
  ]);
  return args.map((arg, index) => {
    const before = args[index - 1] ?? "";
    if (beforeValue.has(before)) return "…";
    if (before !== "--config") return arg;
    const equals = arg.indexOf("=");
    return equals === -1 ? "…" : `${arg.slice(0, equals)}=…`;
  });
}

/** Gives the thread's options as they are sent: decides those that depend on others. */
function sentThreadOptions(
  { threadId, threadOptions }: ArgsInput["request"],
): ThreadOptions {
  return {
    ...threadOptions,
    // The source is that of a new thread (facts F13).
    threadSource: threadId === null ? threadOptions.threadSource : undefined,
    webSearchMode: webSearchMode(threadOptions),
  };
}

function webSearchMode(thread: ThreadOptions): ThreadOptions["webSearchMode"] {
  if (thread.webSearchMode) return thread.webSearchMode;
  if (thread.webSearchEnabled === true) return "live";
  if (thread.webSearchEnabled === false) return "disabled";
  return undefined;
}

function configArgs(settings: readonly string[]): string[] {
  return settings.flatMap((setting) => ["--config", setting]);
}

/** Checks settings that the caller wrote: they are sent unchanged. */
function rawSettings(overrides: readonly string[]): string[] {
  return overrides.map((override, index) =>
    checkNoFlag(override, `configOverrides[${index}]`)
  );
}

/** Lets nothing but a thread's id follow `resume`: anything else could be read as a flag (facts F9). */
function resume(threadId: string | null): string[] {
  if (threadId === null) return [];
  checkThreadId(threadId);
  return ["resume", threadId];
}
