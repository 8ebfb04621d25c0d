import { checkAdditionalDirectories } from "../../cli/additional_directories.ts";
import { checkGitRepository } from "../../cli/git_repository.ts";
import { checkImages } from "../../cli/images.ts";
import { below, isAbsolute } from "../../cli/locate/paths.ts";
import { absolutePath, workingDirectory } from "../../cli/working_directory.ts";
import { checkThreadId } from "../../input/thread_id.ts";
import type { Runtime } from "../../runtime/types.ts";
import type { TurnRequest } from "../../transport/transport.ts";
import type { ServerHandlers } from "../options.ts";
import type { AskForApproval } from "../connection/wire.ts";
import { cyberAccessProgram, type PlacedRequest } from "./thread_params.ts";

/**
 * Checks what a turn names on this machine, since the server looks at none of it (facts
 * A14), and makes its paths full: the server may have started in another folder.
 *
 * @param handlers Who answers.
 * @throws `CodexInputError` For what is not there, or cannot be used.
 */
export async function placeRequest(
  runtime: Runtime,
  request: Omit<TurnRequest, "signal">,
  handlers: Pick<ServerHandlers, "onApproval" | "onElicitation">,
): Promise<Omit<PlacedRequest, "config">> {
  const { threadOptions, threadId } = request;
  if (threadId !== null) checkThreadId(threadId);
  cyberAccessProgram(request.cyberAccessProgram);
  const approvalPolicy = approvalPolicyOf(
    threadOptions.approvalPolicy,
    handlers,
  );
  const cwd = await workingDirectory(
    runtime,
    threadOptions.workingDirectory,
  ) ?? runtime.cwd();
  const images = request.images.map((image) =>
    typeof image.source === "string"
      ? { ...image, source: absolutePath(runtime, image.source) }
      : image
  );
  await checkImages(runtime, images);
  const directories = (threadOptions.additionalDirectories ?? [])
    .filter((directory) => directory !== "");
  await checkAdditionalDirectories(runtime, directories, cwd);
  const isWindows = runtime.platform === "win32";
  const additionalDirectories = directories.map((directory) =>
    isAbsolute(directory, isWindows) ? directory : below(cwd, directory)
  );
  if (!threadOptions.skipGitRepoCheck) await checkGitRepository(runtime, cwd);
  return {
    request: {
      ...request,
      // As the server writes it: what it tells of the thread is found by it.
      threadId: threadId?.toLowerCase() ?? null,
      images,
      threadOptions: {
        ...threadOptions,
        workingDirectory: cwd,
        additionalDirectories,
      },
    },
    cwd,
    approvalPolicy,
  };
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

/**
 * Gives when the server asks: never where nobody answers, since a turn would wait for
 * ever (facts A5).
 */
function approvalPolicyOf(
  given: TurnRequest["threadOptions"]["approvalPolicy"],
  { onApproval, onElicitation }: Parameters<typeof placeRequest>[2],
): AskForApproval {
  // The check of the options lets nothing else through.
  if (given) return given as AskForApproval;
  if (onApproval !== undefined) return "on-request";
  return onElicitation === undefined ? "never" : ELICITATIONS_ALONE;
}
