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

/** Options of a request that is no turn. */
export interface RequestOptions {
  /** Gives up waiting for the answer; what was asked for may happen all the same. */
  signal?: AbortSignal;
}

/** Words of the server about threads, where its code tells nothing (facts A21). */
const NOT_FOUND =
  /thread not (?:found|loaded)|no (?:archived )?rollout found|invalid thread id/;
const REFERENCED = /still references? it/;

/**
 * Asks the server for something that is no turn, starting it if there is none.
 *
 * @throws {CodexThreadNotFoundError} If it is about a thread that is not there.
 * @throws {CodexThreadBusyError} If it is about a thread that somebody else has.
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

/** Waits for something, as long as a signal is not aborted. */
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

/** Tells what a refusal is about. */
export function asThreadError(
  error: unknown,
  threadId: string | undefined,
): unknown {
  if (!(error instanceof CodexRequestError) || threadId === undefined) {
    return error;
  }
  if (error.code !== "request_refused") return error;
  if (NOT_FOUND.test(error.message)) {
    return new CodexThreadNotFoundError(
      `Cannot find thread ${threadId}: the CLI does not know it`,
      { requestedThreadId: threadId, openedThreadId: null },
    );
  }
  if (REFERENCED.test(error.message)) {
    const { method, rpcCode, data } = error;
    return new CodexRequestError(
      `Cannot delete thread ${threadId}: forks of it still refer to it; delete those first, or archive it`,
      { code: "thread_referenced", method, rpcCode, data, cause: error },
    );
  }
  return asResumeFailure(error, threadId);
}
