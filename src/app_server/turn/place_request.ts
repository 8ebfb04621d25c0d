import { checkAdditionalDirectories } from "../../cli/additional_directories.ts";
import { checkGitRepository } from "../../cli/git_repository.ts";
import { below, isAbsolute } from "../../cli/locate/paths.ts";
import { webSearchMode } from "../../cli/web_search_mode.ts";
import { workingDirectory } from "../../cli/working_directory.ts";
import { CodexInputError } from "../../errors/codex_error.ts";
import { checkThreadId } from "../../input/thread_id.ts";
import type { ThreadOptions } from "../../options/options.ts";
import type { Runtime } from "../../runtime/types.ts";
import type { TurnImage, TurnRequest } from "../../transport/transport.ts";
import type { ServerHandlers } from "../options.ts";
import type { AskForApproval } from "../connection/wire.ts";
import { placeElsewhere, placeImages } from "./place_elsewhere.ts";
import { cyberAccessProgram, type PlacedRequest } from "./thread_params.ts";

/** The server's location, and the handlers of a turn. */
export interface PlaceOptions
  extends Pick<ServerHandlers, "onApproval" | "onElicitation"> {
  /** True if the server runs elsewhere, so that only images can be looked at. */
  readonly isElsewhere: boolean;
}

/** The paths of a turn, absolute. */
export interface Placed {
  /** The folder that it works in; `undefined` for the default of a server elsewhere. */
  readonly cwd: string | undefined;
  /** Further folders. */
  readonly directories: readonly string[];
  /** Its images. */
  readonly images: readonly TurnImage[];
}

/**
 * Checks the paths of a turn on this machine, since the server checks none of them (facts
 * A14), and makes them absolute, since the server may have started in another folder.
 *
 * @throws {CodexInputError} If a path does not exist, or cannot be used.
 */
export async function placeRequest(
  runtime: Runtime,
  request: Omit<TurnRequest, "signal">,
  { isElsewhere, ...handlers }: PlaceOptions,
): Promise<Omit<PlacedRequest, "config">> {
  const { threadId } = request;
  checkHandler(request.threadOptions, handlers.onApproval !== undefined);
  checkWebSearch(request);
  const threadOptions = spellOut(request.threadOptions);
  if (threadId !== null) checkThreadId(threadId);
  cyberAccessProgram(request.cyberAccessProgram);
  const approvalPolicy = chooseApprovalPolicy(
    threadOptions.approvalPolicy,
    handlers,
  );
  const { cwd, images, directories } =
    await (isElsewhere
      ? placeElsewhere(runtime, request)
      : placeHere(runtime, request));
  return {
    request: {
      ...request,
      // In the server's spelling, since its messages are routed by it.
      threadId: threadId?.toLowerCase() ?? null,
      images,
      threadOptions: {
        ...threadOptions,
        workingDirectory: cwd,
        additionalDirectories: [...directories],
      },
    },
    cwd,
    approvalPolicy,
  };
}

async function placeHere(
  runtime: Runtime,
  { threadOptions, images }: Omit<TurnRequest, "signal">,
): Promise<Placed> {
  const cwd = await workingDirectory(
    runtime,
    threadOptions.workingDirectory,
  ) ?? runtime.cwd();
  const placed = await placeImages(runtime, images);
  const named = (threadOptions.additionalDirectories ?? [])
    .filter((directory) => directory !== "");
  await checkAdditionalDirectories(runtime, named, cwd);
  const isWindows = runtime.platform === "win32";
  const directories = named.map((directory) =>
    isAbsolute(directory, isWindows) ? directory : below(cwd, directory)
  );
  const isAnywhere = threadOptions.skipGitRepoCheck ||
    threadOptions.dangerouslyBypassApprovalsAndSandbox;
  if (!isAnywhere) await checkGitRepository(runtime, cwd);
  return { cwd, directories, images: placed };
}

/** Passes on only questions of MCP servers, and approvals of their tools. */
const ELICITATIONS_ALONE: AskForApproval = {
  granular: {
    sandbox_approval: false,
    rules: false,
    skill_approval: false,
    request_permissions: false,
    mcp_elicitations: true,
  },
};

/** Rejects a handler that is given together with the CLI's own reviewer: it would never be called. */
function checkHandler({ approveForMe }: ThreadOptions, asks: boolean): void {
  if (!approveForMe || !asks) return;
  throw new CodexInputError(
    "onApproval would never be called with approveForMe, which lets a model answer; leave one of them out",
    { path: "onApproval" },
  );
}

/** Rejects web search for one turn of an ephemeral thread, which cannot be resumed with the new setting. */
function checkWebSearch(
  { threadOptions, baseOptions = threadOptions }: Pick<
    TurnRequest,
    "threadOptions" | "baseOptions"
  >,
): void {
  const isSame = webSearchMode(threadOptions) === webSearchMode(baseOptions);
  if (isSame || !threadOptions.ephemeral) return;
  throw new CodexInputError(
    "webSearchMode cannot be set for one turn of an ephemeral thread: the server would have to open the thread again; pass it to startThread()",
    { path: "webSearchMode" },
  );
}

/** Replaces the options that are shorthands for a sandbox and a policy by these. */
function spellOut(options: ThreadOptions): ThreadOptions {
  if (options.approveForMe) {
    return {
      ...options,
      sandboxMode: "workspace-write",
      approvalPolicy: "on-request",
    };
  }
  if (options.dangerouslyBypassApprovalsAndSandbox) {
    return {
      ...options,
      sandboxMode: "danger-full-access",
      approvalPolicy: "never",
    };
  }
  return options;
}

/**
 * Chooses the approval policy: `never` without handlers, since the turn would otherwise
 * wait forever (facts A5).
 */
function chooseApprovalPolicy(
  given: TurnRequest["threadOptions"]["approvalPolicy"],
  { onApproval, onElicitation }: Omit<PlaceOptions, "isElsewhere">,
): AskForApproval {
  // The options were checked, so this is a policy.
  if (given) return given as AskForApproval;
  if (onApproval !== undefined) return "on-request";
  return onElicitation === undefined ? "never" : ELICITATIONS_ALONE;
}
