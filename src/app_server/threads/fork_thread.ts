import { redactError } from "../../cli/redact_error.ts";
import { CodexError, internalError } from "../../errors/codex_error.ts";
import { currentRuntime } from "../../runtime/current.ts";
import type { ServerThreadOptions } from "../options.ts";
import type { AppServer } from "../server/app_server.ts";
import { asThreadError, unlessAborted } from "../server/ask_server.ts";
import { placeRequest } from "../turn/place_request.ts";
import { threadSettings } from "../turn/thread_params.ts";

/** A copy to make. */
export interface ThreadToFork {
  /** The thread to copy. */
  readonly threadId: string;
  /** The last turn to copy; `undefined` for all. */
  readonly lastTurnId: string | undefined;
  /** Stops waiting when aborted. */
  readonly signal: AbortSignal | undefined;
  /** The copy's options. */
  readonly options: ServerThreadOptions;
}

/** Has the server copy a thread, and returns the copy's id. The copy stays loaded for its first turn. */
export async function forkThread(
  server: AppServer,
  { threadId, lastTurnId, signal, options }: ThreadToFork,
): Promise<string> {
  const fork = async (): Promise<string> => {
    const placed = await placeRequest(currentRuntime(), {
      ...{ prompt: "", images: [], threadId: null, outputSchema: undefined },
      origin: { type: "fork", threadId },
      threadOptions: options,
      cyberAccessProgram: undefined,
    }, { ...options, isElsewhere: server.isElsewhere });
    const lease = await server.acquire();
    try {
      const id = await lease.threads.open({
        threadId: null,
        copyOf: threadId,
        lastTurnId,
        settings: threadSettings({ ...placed, config: {} }),
        threadSource: options.threadSource || undefined,
        ephemeral: options.ephemeral ?? false,
        opened: () => {},
      });
      server.knownTools.copy(threadId, id);
      lease.threads.release(id);
      return id;
    } finally {
      lease.release();
    }
  };
  try {
    return await unlessAborted(fork, signal);
  } catch (error) {
    const known = asThreadError(error, threadId);
    throw redactError(
      known instanceof CodexError
        ? known
        : internalError("Cannot copy the thread", error),
      (text) => server.redact(text),
    );
  }
}
