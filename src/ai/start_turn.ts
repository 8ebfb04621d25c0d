import {
  CodexInputError,
  CodexUnsupportedOptionError,
} from "../errors/codex_error.ts";
import type { Input } from "../options/options.ts";
import type { AgentThread, AgentTurn } from "./agent_client.ts";

/** Starts turns of a client, of whose kind nothing else is known. */
export class TurnStarter {
  /** Says whether the client hands out pieces of messages; found out by asking for them. */
  #hasDeltas = true;

  /** Prepares a turn, with the pieces of its messages where the client has them. */
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

/** Names the option of the model, of which a client knows nothing that asks nobody. */
function explainApprovals(error: unknown): unknown {
  return isAbout(error, "onApproval")
    ? new CodexUnsupportedOptionError(
      'approvals: "bridge" needs a CodexAppServer: codex exec never asks for approval',
      { path: "approvals", cause: error },
    )
    : error;
}
