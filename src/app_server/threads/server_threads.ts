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
import type { OpenTransport, ServerWay } from "../transport.ts";
import { askServer, type RequestOptions } from "../server/ask_server.ts";
import { type ThreadInfo, toThreadInfo } from "./thread_info.ts";
import { checkAbsolute } from "../turn/place_elsewhere.ts";
import { THREAD_SOURCES } from "./thread_sources.ts";
import { toTurnInfo, type TurnInfo } from "./turn_info.ts";

/** The most threads, and turns, that are asked for at once. */
const PAGE_SIZE = 50;

/** Options of a copy that is made at once. */
export interface ForkOptions extends ServerThreadOptions, RequestOptions {
  /**
   * The last turn that the copy has, by its id; it must have ended.
   *
   * @default {undefined} The last one that has ended
   */
  lastTurnId?: string;
}

/** Which threads to list. */
export interface ThreadFilter extends RequestOptions {
  /**
   * The folders that they work in.
   *
   * @default {undefined} Any
   */
  cwd?: string | readonly string[];
  /**
   * Lists those that were put away, in place of the others.
   *
   * @default {false}
   */
  archived?: boolean;
  /** A part of their names. */
  search?: string;
  /**
   * The most threads to list.
   *
   * @default {undefined} All
   */
  limit?: number;
  /**
   * What they were begun by.
   *
   * @default {["cli", "vscode", "exec", "appServer"]} All but those of agents
   */
  sources?: readonly ThreadSourceKind[];
}

/**
 * The threads that the CLI keeps, also those of `codex exec`: to list, read, name, put
 * away and delete. Made by {@linkcode CodexAppServer}, as its `threads`.
 *
 * @example List what was done in a folder
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

  /** Makes it for a server; {@linkcode CodexAppServer} does. */
  constructor({ server, open }: ServerWay) {
    this.#server = server;
    this.#open = open;
  }

  /**
   * Lists threads, those that were used last first, page by page as they are read.
   *
   * @throws {CodexInputError} For a filter that cannot be used, when it is read.
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

  /** Names a folder in full: one of this machine, or of the server's. */
  #placed(folder: string): string {
    if (!this.#server.isElsewhere) {
      return absolutePath(currentRuntime(), folder);
    }
    checkAbsolute(folder, "cwd");
    return folder;
  }

  /**
   * Reads what is known of a thread.
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
   * Lists the turns of a thread, the newest first, page by page as they are read.
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
   * Gives a thread a name.
   *
   * @throws {CodexInputError} For a blank name.
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
   * Puts a thread away: it is no longer listed, and takes no turn.
   *
   * @throws {CodexThreadNotFoundError} If there is no such thread.
   * @throws {CodexThreadBusyError} While a turn of it runs.
   */
  async archive(id: string, options: RequestOptions = {}): Promise<void> {
    await this.#change("thread/archive", id, options);
  }

  /**
   * Takes a thread back that was put away.
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
   * @throws {CodexRequestError} With code `thread_referenced`, while there are copies of it.
   */
  async delete(id: string, options: RequestOptions = {}): Promise<void> {
    await this.#change("thread/delete", id, options);
  }

  /**
   * Copies a thread, at once, up to a turn; gives the copy. It has the options given, and
   * none of the other thread's.
   *
   * @throws {CodexInputError} For an option that cannot be used.
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
      // One whose deletion is refused is no longer loaded (facts A21).
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
