import { clientSettings } from "../../cli/client_settings.ts";
import type { KnownSecrets } from "../../cli/known_secrets.ts";
import { toolServerName } from "../../cli/tool_server_name.ts";
import { type CodexError, CodexInputError } from "../../errors/codex_error.ts";
import { CodexRequestError } from "../../errors/request_errors.ts";
import { mergedTools, TOOL_TIMEOUT_MS } from "../../options/own_tools.ts";
import type { ClientTool } from "../../options/tools.ts";
import type { JsonObject } from "../../protocol/json.ts";
import { currentRuntime } from "../../runtime/current.ts";
import {
  type PreparedTools,
  prepareTools,
} from "../../tools/prepared_tools.ts";
import { serverSettings } from "../../tools/server_settings.ts";
import { ToolCalls } from "../../tools/tool_calls.ts";
import { startToolServer, type ToolServer } from "../../tools/tool_server.ts";
import type { TurnRequest } from "../../transport/transport.ts";
import { quoted } from "../../util/text.ts";
import type { DynamicTools } from "../connection/wire.ts";
import type { CodexAppServerOptions } from "../options.ts";
import type { ServerSession } from "../server/session.ts";
import type { KnownTools } from "./known_tools.ts";
import {
  dynamicTools,
  missingTools,
  NO_TOOLS,
  type OfferedTools,
  offeredTools,
} from "./offered_tools.ts";

/** Everything that decides a turn's tools. */
export interface TurnToolsContext {
  /** The client's options. */
  readonly options: CodexAppServerOptions;
  /** The turn. */
  readonly request: Omit<TurnRequest, "signal">;
  /** True if the server runs elsewhere: it does not reach this program. */
  readonly isElsewhere: boolean;
  /** What is known of the tools of threads. */
  readonly known: KnownTools;
  /** The secrets that the client's turns know. */
  readonly secrets: Pick<KnownSecrets, "add" | "forget">;
}

/** The way in which a thread is opened with its tools. */
export interface ToolSetup {
  /** Further settings of the thread. */
  readonly config: JsonObject;
  /** The tools that a new thread keeps. */
  readonly dynamicTools: DynamicTools | undefined;
  /** What the turn is to be warned of. */
  readonly warnings: readonly string[];
}

/**
 * The tools of a turn on the server. Those of client and thread a new thread is opened with,
 * and keeps; the server asks for their calls. What a thread was not opened with, such as the
 * tools of one turn, has an MCP server of its own while the turn runs, for which the thread
 * is opened again.
 */
export class TurnTools {
  readonly #context: TurnToolsContext;
  readonly #name: string;
  readonly #ofThread: PreparedTools;
  /** The tools that can be called. */
  readonly tools: PreparedTools;
  /** Runs them, where the server asks for it. */
  readonly calls: ToolCalls;
  #offered: OfferedTools | undefined;
  #server: ToolServer | undefined;
  #isClosed = false;

  /**
   * Makes the tools of a turn ready; nothing is started, and the server not asked.
   *
   * @throws {CodexInputError} For tools that cannot be used, or do not reach the server.
   */
  static async prepare(context: TurnToolsContext): Promise<TurnTools> {
    const { options, request } = context;
    const { threadOptions } = request;
    const tools = mergedTools(options.tools, request.tools);
    const name = tools.length === 0
      ? ""
      : toolServerName(options, clientSettings(options));
    const prepared = await prepareTools(tools);
    const ofThread = await prepareRest(
      mergedTools(options.tools, threadOptions.tools),
      prepared,
    );
    const made = new TurnTools(context, name, ofThread, prepared);
    if (request.threadId === null && request.origin.type === "new") {
      made.#checkMissing(missingTools(prepared, offeredTools(ofThread)));
    }
    return made;
  }

  /** Makes it; {@linkcode TurnTools.prepare} does. */
  constructor(
    context: TurnToolsContext,
    name: string,
    ofThread: PreparedTools,
    tools: PreparedTools,
  ) {
    this.#context = context;
    this.#name = name;
    this.#ofThread = ofThread;
    this.tools = tools;
    this.calls = new ToolCalls(
      this.#timeoutMs,
      (path, length) => currentRuntime().readStart(path, length),
    );
  }

  get #timeoutMs(): number {
    const { options, request } = this.#context;
    return request.toolTimeoutMs ?? options.toolTimeoutMs ?? TOOL_TIMEOUT_MS;
  }

  /**
   * Finds out which tools a thread has, and starts a server for the others.
   *
   * @param source The thread that goes on, or is copied; `undefined` for a new one.
   * @throws {CodexInputError} For tools that the thread cannot be given any more.
   * @throws {CodexPermissionError} If the runtime does not allow it to listen.
   * @throws {CodexEnvironmentError} If the system does not.
   */
  async connect(
    session: ServerSession,
    source: string | undefined,
  ): Promise<ToolSetup> {
    const { known, isElsewhere } = this.#context;
    if (source === undefined) {
      this.#offered = offeredTools(this.#ofThread);
      return {
        config: await this.#serve(missingTools(this.tools, this.#offered)),
        dynamicTools: dynamicTools(this.#name, this.#ofThread),
        warnings: [],
      };
    }
    const nothing = { config: {}, dynamicTools: undefined, warnings: [] };
    if (this.tools.size === 0) {
      this.#offered = known.get(source);
      return nothing;
    }
    this.#offered = await known.find(session, source);
    if (this.#offered === undefined && isElsewhere) {
      const warning =
        `The tools that thread ${source} was opened with are not known on a server elsewhere: of the tools in options, the agent sees only those`;
      return { ...nothing, warnings: known.has(source) ? [] : [warning] };
    }
    const missing = missingTools(this.tools, this.#offered ?? NO_TOOLS);
    return { ...nothing, config: await this.#serve(missing) };
  }

  /** Notes that the thread is open. */
  opened(threadId: string): void {
    if (this.#offered === undefined && this.tools.size === 0) return;
    this.#context.known.note(threadId, this.#offered);
  }

  /** Ends the calls that run, and lets no other begin: nobody waits for them any more. */
  end(): void {
    this.calls.end();
    this.#server?.end();
  }

  /** Ends the tools: what they still do counts no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.end();
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await server.close();
    this.#context.secrets.forget(server.token);
  }

  /** Starts a server for tools, if there are any; gives the settings that name it. */
  async #serve(tools: PreparedTools): Promise<JsonObject> {
    if (tools.size === 0) return {};
    this.#checkMissing(tools);
    const server = await startToolServer(currentRuntime(), {
      tools,
      timeoutMs: this.#timeoutMs,
      threadId: this.#context.request.threadId,
    });
    this.#server = server;
    this.#context.secrets.add(server.token);
    // Stopped meanwhile.
    if (this.#isClosed) await this.close();
    return {
      // By its path alone it goes beside other servers (facts A34).
      [`mcp_servers.${this.#name}`]: {
        ...serverSettings(server, {
          http_headers: { Authorization: `Bearer ${server.token}` },
        }),
      },
    };
  }

  /** Rejects tools that a thread was not opened with where it cannot be given others. */
  #checkMissing(missing: PreparedTools): void {
    if (missing.size === 0) return;
    const names = [...missing.keys()].map((name) => quoted(name)).join(", ");
    const { isElsewhere, request: { threadOptions } } = this.#context;
    if (isElsewhere) {
      throw new CodexInputError(
        `Cannot add the tools ${names} to the thread: a server elsewhere keeps the tools that a thread was opened with, and cannot reach other ones in this program; pass them to the client or to startThread()`,
        { path: "tools" },
      );
    }
    if (!threadOptions.ephemeral) return;
    throw new CodexInputError(
      `Cannot add the tools ${names} to an ephemeral thread: the server would have to open it again; pass them to the client or to startThread()`,
      { path: "tools" },
    );
  }
}

/** Makes tools ready that are not among those that are. */
async function prepareRest(
  tools: readonly ClientTool[],
  ready: PreparedTools,
): Promise<PreparedTools> {
  const rest = await prepareTools(
    tools.filter((tool) => ready.get(tool.name)?.tool !== tool),
  );
  return new Map(
    tools.flatMap(({ name }) => {
      const tool = rest.get(name) ?? ready.get(name);
      return tool === undefined ? [] : [[name, tool] as const];
    }),
  );
}

/** The server's words for a namespace of tools that it does not take (facts A32). */
const REFUSED_NAME = /dynamic tool namespace .*: ([\w-]+)$/;

/** Tells that a name of the tools is refused, where that is what the server said; gives any other error as it is. */
export function asRefusedName(error: CodexError): CodexError {
  if (!(error instanceof CodexRequestError)) return error;
  const [, name] = REFUSED_NAME.exec(error.message) ?? [];
  if (name === undefined) return error;
  return new CodexInputError(
    `toolServerName must not be ${
      quoted(name)
    } on CodexAppServer: the CLI reserves that name`,
    { path: "toolServerName", cause: error },
  );
}
