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

/** Where a turn runs, and who answers. */
export interface PlaceOptions
  extends Pick<ServerHandlers, "onApproval" | "onElicitation"> {
  /** True if the server runs elsewhere: then nothing but images is looked at. */
  readonly isElsewhere: boolean;
}

/** What a turn names, in full. */
export interface Placed {
  /** The folder that it works in; `undefined` for the one of a server elsewhere. */
  readonly cwd: string | undefined;
  /** Further folders. */
  readonly directories: readonly string[];
  /** Its images. */
  readonly images: readonly TurnImage[];
}

/**
 * Checks what a turn names on this machine, since the server looks at none of it (facts
 * A14), and makes its paths full: the server may have started in another folder.
 *
 * @throws {CodexInputError} For what is not there, or cannot be used.
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
      // As the server writes it: what it tells of the thread is found by it.
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

/** Asks for what MCP servers ask, and for the approval of their tools, and nothing else. */
const ELICITATIONS_ALONE: AskForApproval = {
  granular: {
    sandbox_approval: false,
    rules: false,
    skill_approval: false,
    request_permissions: false,
    mcp_elicitations: true,
  },
};

/** Rejects a handler beside the CLI's own reviewer: it would never be asked. */
function checkHandler({ approveForMe }: ThreadOptions, asks: boolean): void {
  if (!approveForMe || !asks) return;
  throw new CodexInputError(
    "onApproval would never be called with approveForMe, which lets a model answer; leave one of them out",
    { path: "onApproval" },
  );
}

/** Rejects web search for one turn of an ephemeral thread: it would have to be resumed with it, and cannot be. */
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

/** Gives the sandbox and the policy of the options that stand for both. */
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
 * Gives when the server asks: never where nobody answers, since a turn would wait for
 * ever (facts A5).
 */
function chooseApprovalPolicy(
  given: TurnRequest["threadOptions"]["approvalPolicy"],
  { onApproval, onElicitation }: Omit<PlaceOptions, "isElsewhere">,
): AskForApproval {
  // The check of the options lets nothing else through.
  if (given) return given as AskForApproval;
  if (onApproval !== undefined) return "on-request";
  return onElicitation === undefined ? "never" : ELICITATIONS_ALONE;
}
