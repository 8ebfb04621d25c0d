import { redactError } from "../../cli/redact_error.ts";
import { CodexError, internalError } from "../../errors/codex_error.ts";
import { CodexRequestError } from "../../errors/request_errors.ts";
import {
  CodexCancelledError,
  CodexThreadNotFoundError,
} from "../../errors/turn_errors.ts";
import { checkAbortSignal } from "../../options/check.ts";
import { withSignal } from "../../util/with_signal.ts";
import { asResumeFailure } from "../connection/request_failures.ts";
import type { ClientMethod, ClientRequests } from "../connection/wire.ts";
import type { AppServer } from "./app_server.ts";

/** Options of a request other than a turn. */
export interface RequestOptions {
  /** Stops waiting for the answer when aborted; the server may still carry out the request. */
  signal?: AbortSignal | undefined;
}

/** The server's messages about threads, whose error code does not tell them apart (facts A21). */
const NOT_FOUND =
  /thread not (?:found|loaded)|no (?:archived )?rollout found|invalid thread id/;
const REFERENCED = /still references? it/;

/**
 * Sends a request other than a turn to the server, starting it if it is not running.
 *
 * @throws {CodexThreadNotFoundError} If the request's thread does not exist.
 * @throws {CodexThreadBusyError} If the request's thread is in use elsewhere.
 * @throws {CodexRequestError} If the server refuses, or does not answer in time.
 * @throws {CodexCancelledError} If the signal is aborted.
 */
export async function askServer<M extends ClientMethod>(
  server: AppServer,
  method: M,
  params: ClientRequests[M]["params"],
  { signal }: RequestOptions = {},
): Promise<ClientRequests[M]["result"]> {
  const asking = async (): Promise<ClientRequests[M]["result"]> => {
    const lease = await server.acquire();
    try {
      return await lease.session.connection.request(method, params);
    } catch (error) {
      const { threadId } = params as { readonly threadId?: string };
      throw asThreadError(error, threadId);
    } finally {
      lease.release();
    }
  };
  try {
    return await unlessAborted(asking, signal);
  } catch (error) {
    const known = error instanceof CodexError
      ? error
      : internalError(`Cannot ask for ${method}`, error);
    throw redactError(known, (text) => server.redact(text));
  }
}

/**
 * Runs a task, and waits for it until a signal is aborted.
 *
 * @throws {CodexCancelledError} If the signal is aborted.
 */
export async function unlessAborted<T>(
  task: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined || signal === null) return await task();
  checkAbortSignal(signal);
  const cancelled = (): CodexCancelledError =>
    new CodexCancelledError(undefined, { cause: signal.reason });
  if (signal.aborted) throw cancelled();
  return await withSignal(task(), signal, cancelled);
}

/** Maps a refusal to a more specific error about the thread; returns any other error unchanged. */
export function asThreadError(
  error: unknown,
  threadId: string | undefined,
): unknown {
  if (!(error instanceof CodexRequestError) || threadId === undefined) {
    return error;
  }
  const { code, method, rpcCode, serverMessage, data } = error;
  if (code !== "request_refused") return error;
  if (NOT_FOUND.test(serverMessage ?? "")) {
    return new CodexThreadNotFoundError(
      `Cannot find thread ${threadId}: the CLI does not know it`,
      { requestedThreadId: threadId, openedThreadId: null },
    );
  }
  if (REFERENCED.test(serverMessage ?? "")) {
    return new CodexRequestError(
      `Cannot delete thread ${threadId}: forks of it still refer to it; delete those first, or archive it`,
      {
        code: "thread_referenced",
        ...{ method, rpcCode, serverMessage, data },
        cause: error,
      },
    );
  }
  return asResumeFailure(error, threadId);
}
