import {
  CodexInputError,
  CodexUnsupportedOptionError,
} from "../errors/codex_error.ts";
import type { Input } from "../options/options.ts";
import type { AgentThread, AgentTurn } from "./agent_client.ts";

/** Starts turns on a client of unknown kind. */
export class TurnStarter {
  /** True until the client has rejected `deltas`, and so does not yield pieces of messages. */
  #hasDeltas = true;

  /** Prepares a turn, with pieces of messages if the client supports them. */
  async start(
    thread: AgentThread,
    input: Input,
    options: Parameters<AgentThread["runStreamed"]>[1],
  ): Promise<AgentTurn> {
    if (this.#hasDeltas) {
      try {
        return await thread.runStreamed(input, { ...options, deltas: true });
      } catch (error) {
        if (!isAbout(error, "deltas")) throw explainApprovals(error);
        this.#hasDeltas = false;
      }
    }
    try {
      return await thread.runStreamed(input, options);
    } catch (error) {
      throw explainApprovals(error);
    }
  }
}

/** Tells whether an error is about an option. */
function isAbout(error: unknown, path: string): boolean {
  return error instanceof CodexInputError && error.path === path;
}

/** Maps a client's error about `onApproval` to one about the model's option `approvals`. */
function explainApprovals(error: unknown): unknown {
  return isAbout(error, "onApproval")
    ? new CodexUnsupportedOptionError(
      'approvals: "bridge" needs a CodexAppServer: codex exec never asks for approval',
      { path: "approvals", cause: error },
    )
    : error;
}
