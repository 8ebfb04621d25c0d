import { absolutePath } from "../../cli/working_directory.ts";
import { CodexInputError } from "../../errors/codex_error.ts";
import { CodexThreadBusyError } from "../../errors/turn_errors.ts";
import { checkUnicode } from "../../input/normalize_input.ts";
import { checkThreadId } from "../../input/thread_id.ts";
import { ownThreadOptions } from "../../options/check.ts";
import { resumedThread } from "../../turn/thread_state.ts";
import { SERVER_OPTION_TABLES, type ServerThreadOptions } from "../options.ts";
import { ServerThread } from "../server_thread.ts";
import { forkThread } from "./fork_thread.ts";
import { currentRuntime } from "../../runtime/current.ts";
import { asJson } from "../connection/results.ts";
import type {
  PageOf,
  ThreadSourceKind,
  WireThread,
  WireTurn,
} from "../connection/wire.ts";
import type { AppServer } from "../server/app_server.ts";
import type { OpenTransport, ServerAccess } from "../transport.ts";
import { askServer, type RequestOptions } from "../server/ask_server.ts";
import { type ThreadInfo, toThreadInfo } from "./thread_info.ts";
import { checkAbsolute } from "../turn/place_elsewhere.ts";
import { THREAD_SOURCES } from "./thread_sources.ts";
import { toTurnInfo, type TurnInfo } from "./turn_info.ts";

/** The most threads or turns per request. */
const PAGE_SIZE = 50;

/** Options of {@linkcode ServerThreads.fork}. */
export interface ForkOptions extends ServerThreadOptions, RequestOptions {
  /**
   * The id of the last turn to copy; the turn must have ended.
   *
   * @default {undefined} The last turn that has ended
   */
  lastTurnId?: string | undefined;
}

/** Options of {@linkcode ServerThreads.list}. */
export interface ThreadFilter extends RequestOptions {
  /**
   * The folder, or folders, that the threads work in.
   *
   * @default {undefined} Any folder
   */
  cwd?: string | readonly string[] | undefined;
  /**
   * Lists archived threads instead of the others.
   *
   * @default {false}
   */
  archived?: boolean | undefined;
  /** A text to search for in the threads' names. */
  search?: string | undefined;
  /**
   * The maximum number of threads to list.
   *
   * @default {undefined} All
   */
  limit?: number | undefined;
  /**
   * The kinds of programs, or of agents, that began the threads.
   *
   * @default {["cli", "vscode", "exec", "appServer"]} All except those of agents
   */
  sources?: readonly ThreadSourceKind[] | undefined;
}

/**
 * The threads that the CLI has saved, including those of `codex exec`: to list, read,
 * rename, archive, copy and delete. Available as `threads` of a {@linkcode CodexAppServer}.
 *
 * @example List the threads of a folder
 * ```ts
 * import { CodexAppServer } from "@acodex/sdk/app-server";
 *
 * const codex = new CodexAppServer();
 * try {
 *   for await (const { id, preview } of codex.threads.list({ cwd: "." })) {
 *     console.log(id, preview);
 *   }
 * } finally {
 *   await codex.close();
 * }
 * ```
 */
export class ServerThreads {
  readonly #server: AppServer;
  readonly #open: OpenTransport;

  /** Creates it for a server. Called by {@linkcode CodexAppServer}. */
  constructor({ server, open }: ServerAccess) {
    this.#server = server;
    this.#open = open;
  }

  /**
   * Lists threads, the most recently used first. Requests further pages as they are read.
   *
   * @throws {CodexInputError} If the filter cannot be used; thrown when the first thread is
   * read.
   * @throws {CodexRequestError} If the server refuses, or does not answer in time.
   */
  async *list(
    filter: ThreadFilter = {},
  ): AsyncGenerator<ThreadInfo, void, void> {
    const { cwd, archived = false, search, sources, limit = Infinity } = filter;
    checkLimit(limit);
    const folders = cwd === undefined
      ? undefined
      : [cwd].flat().map((folder) => this.#placed(folder));
    let left = limit;
    let cursor: string | null = null;
    while (left > 0) {
      const page: PageOf<WireThread> = await askServer(
        this.#server,
        "thread/list",
        {
          cursor,
          limit: Math.min(left, PAGE_SIZE),
          sortKey: "updated_at",
          archived,
          sourceKinds: sources ?? THREAD_SOURCES,
          cwd: folders,
          searchTerm: search,
        },
        filter,
      );
      for (const thread of page.data.slice(0, left)) {
        yield { ...toThreadInfo(asJson(thread)), archived };
      }
      left -= page.data.length;
      cursor = page.nextCursor ?? null;
      if (cursor === null) return;
    }
  }

  /** Makes a folder of this machine absolute, or checks that one of a server elsewhere is. */
  #placed(folder: string): string {
    if (!this.#server.isElsewhere) {
      return absolutePath(currentRuntime(), folder);
    }
    checkAbsolute(folder, "cwd");
    return folder;
  }

  /**
   * Reads the information about a thread.
   *
   * @throws {CodexThreadNotFoundError} If there is no such thread.
   */
  async read(id: string, options: RequestOptions = {}): Promise<ThreadInfo> {
    checkThreadId(id, "read");
    const { thread } = await askServer(this.#server, "thread/read", {
      threadId: id,
      includeTurns: false,
    }, options);
    return toThreadInfo(asJson(thread));
  }

  /**
   * Lists the turns of a thread, the newest first. Requests further pages as they are read.
   *
   * @throws {CodexThreadNotFoundError} If there is no such thread.
   */
  async *turns(
    id: string,
    options: RequestOptions = {},
  ): AsyncGenerator<TurnInfo, void, void> {
    checkThreadId(id, "read");
    let cursor: string | null = null;
    do {
      const page: PageOf<WireTurn> = await askServer(
        this.#server,
        "thread/turns/list",
        { threadId: id, cursor, limit: PAGE_SIZE, itemsView: "full" },
        options,
      );
      yield* page.data.map((turn) => toTurnInfo(asJson(turn)));
      cursor = page.nextCursor ?? null;
    } while (cursor !== null);
  }

  /**
   * Renames a thread.
   *
   * @throws {CodexInputError} If the name is blank, or not well-formed Unicode.
   * @throws {CodexThreadNotFoundError} If there is no such thread.
   */
  async rename(
    id: string,
    name: string,
    options: RequestOptions = {},
  ): Promise<void> {
    checkThreadId(id, "rename");
    if (typeof name !== "string" || name.trim() === "") {
      throw new CodexInputError("name must be a string that is not blank", {
        path: "name",
      });
    }
    checkUnicode(name, "name");
    await askServer(
      this.#server,
      "thread/name/set",
      { threadId: id, name },
      options,
    );
  }

  /**
   * Archives a thread: it is no longer listed by default, and runs no more turns.
   *
   * @throws {CodexThreadNotFoundError} If there is no such thread.
   * @throws {CodexThreadBusyError} While a turn of it runs.
   */
  async archive(id: string, options: RequestOptions = {}): Promise<void> {
    await this.#change("thread/archive", id, options);
  }

  /**
   * Restores an archived thread.
   *
   * @throws {CodexThreadNotFoundError} If there is no such thread.
   */
  async unarchive(id: string, options: RequestOptions = {}): Promise<void> {
    await this.#change("thread/unarchive", id, options);
  }

  /**
   * Deletes a thread.
   *
   * @throws {CodexThreadNotFoundError} If there is no such thread.
   * @throws {CodexThreadBusyError} While a turn of it runs.
   * @throws {CodexRequestError} With code `thread_referenced`, while copies of it exist.
   */
  async delete(id: string, options: RequestOptions = {}): Promise<void> {
    await this.#change("thread/delete", id, options);
  }

  /**
   * Copies a thread immediately, optionally only up to a turn, and returns the copy. The copy
   * has the given options, and none of the original's.
   *
   * @throws {CodexInputError} If an option cannot be used.
   * @throws {CodexThreadNotFoundError} If there is no such thread.
   * @throws {CodexRequestError} If there is no such turn.
   */
  async fork(
    id: string,
    options: ForkOptions = {},
  ): Promise<ServerThread> {
    checkThreadId(id, "fork");
    const { lastTurnId, signal, ...given } = options;
    const own = ownThreadOptions(given, SERVER_OPTION_TABLES);
    const copy = await forkThread(this.#server, {
      ...{ threadId: id, lastTurnId, signal, options: own },
    });
    return new ServerThread(this.#open, own, resumedThread(copy));
  }

  async #change(
    method: "thread/archive" | "thread/unarchive" | "thread/delete",
    id: string,
    options: RequestOptions,
  ): Promise<void> {
    checkThreadId(id, "change");
    if (await this.#server.runsTurnOf(id)) {
      throw new CodexThreadBusyError(
        `Cannot change thread ${id}: a turn of it is running on this client; wait until it has ended`,
        { requestedThreadId: id },
      );
    }
    try {
      await askServer(this.#server, method, { threadId: id }, options);
    } catch (error) {
      // A thread whose deletion is refused is no longer loaded (facts A21).
      await this.#server.unload(id);
      throw error;
    }
  }
}

function checkLimit(limit: number): void {
  if (limit === Infinity) return;
  if (Number.isSafeInteger(limit) && limit >= 0) return;
  throw new CodexInputError("limit must be a whole number, 0 or more", {
    path: "limit",
  });
}
