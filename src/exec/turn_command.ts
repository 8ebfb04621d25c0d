import { checkAdditionalDirectories } from "../cli/additional_directories.ts";
import type { KeyedOptions } from "../cli/api_key.ts";
import { buildEnv, type EnvInput } from "../cli/env.ts";
import { checkImages } from "../cli/images.ts";
import { checkLengths } from "../cli/length_limits.ts";
import { hasFolder } from "../cli/locate/paths.ts";
import type { LocatedCodex } from "../cli/locate/search.ts";
import { checkProfile } from "../cli/profile.ts";
import { absolutePath, workingDirectory } from "../cli/working_directory.ts";
import type { CodexOptions } from "../options/options.ts";
import { mergedTools, TOOL_TIMEOUT_MS } from "../options/own_tools.ts";
import type { ClientTool } from "../options/tools.ts";
import type { Runtime, SpawnCommand } from "../runtime/types.ts";
import type { ToolServer } from "../tools/tool_server.ts";
import type { TurnImage, UnrunRequest } from "../transport/transport.ts";
import { buildArgs } from "./args.ts";
import { checkOneTurn } from "./one_turn.ts";
import { TOOL_TOKEN } from "./tool_settings.ts";

// Builds the command of a turn, both to run it and to explain it.

/** A request that has been checked, with its paths as the CLI receives them. */
export interface CheckedRequest {
  /** The request. */
  readonly request: UnrunRequest;
  /**
   * The folder that the CLI starts in; `undefined` for the program's working directory.
   */
  readonly cwd: string | undefined;
}

/**
 * Checks everything in a request that can be checked before the CLI is looked for.
 *
 * @throws {CodexError} For a request that is invalid.
 */
export async function checkRequest(
  runtime: Runtime,
  options: CodexOptions,
  given: UnrunRequest,
): Promise<CheckedRequest> {
  checkOneTurn(options, given);
  const args = buildArgs({
    options,
    request: given,
    images: [],
    schemaPath: undefined,
  });
  checkLengths({ options, args }, runtime);
  const { threadOptions } = given;
  const cwd = await workingDirectory(runtime, threadOptions.workingDirectory);
  // The CLI starts in that folder, so paths relative to the program's working directory
  // become absolute (facts F28, F37).
  const request = {
    ...given,
    threadOptions: { ...threadOptions, workingDirectory: cwd },
    images: cwd === undefined
      ? given.images
      : given.images.map((image) => fromAnywhere(runtime, image)),
  };
  await checkImages(runtime, request.images);
  await checkAdditionalDirectories(
    runtime,
    threadOptions.additionalDirectories ?? [],
    cwd,
  );
  await checkProfile(runtime, options);
  return { request, cwd };
}

/** The tools of a turn, and the time limit of a call, in milliseconds. */
export interface TurnTools {
  readonly tools: readonly ClientTool[];
  readonly timeoutMs: number;
}

/** Returns the tools of a turn: its own, its thread's and its client's. */
export function turnTools(
  options: CodexOptions,
  { tools, toolTimeoutMs }: UnrunRequest,
): TurnTools {
  return {
    tools: mergedTools(options.tools, tools),
    timeoutMs: toolTimeoutMs ?? options.toolTimeoutMs ?? TOOL_TIMEOUT_MS,
  };
}

/** Everything that decides the command of a turn. */
export interface CommandInput extends CheckedRequest {
  /** The client's options, with the API key that a function has returned. */
  readonly options: KeyedOptions;
  /** The CLI. */
  readonly located: LocatedCodex;
  /** The file that contains the output schema, if there is one. */
  readonly schemaPath: string | undefined;
  /** The paths of the images. */
  readonly images: readonly string[];
  /** The server of the turn's tools, if it has any. */
  readonly toolServer:
    | Pick<ToolServer, "url" | "token" | "timeoutMs">
    | undefined;
}

/**
 * Builds the command of a turn.
 *
 * @throws {CodexError} If a part is too long for the system.
 */
export function turnCommand(
  runtime: Runtime,
  input: CommandInput,
): SpawnCommand {
  const { options, request, cwd, located, toolServer } = input;
  const { program, pathFolders } = located;
  const isRelative = cwd !== undefined && hasFolder(program);
  const envInput: EnvInput = {
    options,
    hostEnv: (name) => runtime.env(name),
    fromHost: cwd === undefined
      ? undefined
      : (path) => absolutePath(runtime, path),
    pathFolders,
    toolToken: toolServer && [TOOL_TOKEN, toolServer.token],
    windows: runtime.platform === "win32",
  };
  const command = {
    program: isRelative ? absolutePath(runtime, program) : program,
    args: buildArgs({ ...input, request }),
    env: buildEnv(envInput),
    cwd,
  };
  // Now with the values that were unknown before.
  checkLengths({ options, ...command }, runtime);
  return command;
}

/** Returns an image whose path is valid from any working directory. */
function fromAnywhere(runtime: Runtime, image: TurnImage): TurnImage {
  const { source } = image;
  return typeof source === "string"
    ? { ...image, source: absolutePath(runtime, source) }
    : image;
}
