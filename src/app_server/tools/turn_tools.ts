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

/** Options of {@linkcode TurnTools.prepare}. */
export interface TurnToolsContext {
  /** The client's options. */
  readonly options: CodexAppServerOptions;
  /** The turn. */
  readonly request: Omit<TurnRequest, "signal">;
  /** True if the server runs elsewhere, so that it cannot reach this program. */
  readonly isElsewhere: boolean;
  /** The known tools of threads. */
  readonly known: KnownTools;
  /** The known secrets of the client. */
  readonly secrets: Pick<KnownSecrets, "add" | "forget">;
}

/** The parameters that open a thread with its tools. */
export interface ToolSetup {
  /** Further settings of the thread. */
  readonly config: JsonObject;
  /** The tools that a new thread keeps. */
  readonly dynamicTools: DynamicTools | undefined;
  /** Warnings for the turn. */
  readonly warnings: readonly string[];
}

/**
 * The tools of a turn on the server. A new thread is opened with the tools of the client and
 * the thread, and keeps them; the server sends requests to call them. Tools that a thread
 * was not opened with, such as those of one turn, are offered by a separate MCP server while
 * the turn runs, for which the thread is reopened.
 */
export class TurnTools {
  readonly #context: TurnToolsContext;
  readonly #name: string;
  readonly #ofThread: PreparedTools;
  /** The tools that can be called. */
  readonly tools: PreparedTools;
  /** Runs the tools that the server asks for. */
  readonly calls: ToolCalls;
  #offered: OfferedTools | undefined;
  #server: ToolServer | undefined;
  #isClosed = false;

  /**
   * Prepares the tools of a turn, without starting anything or asking the server.
   *
   * @throws {CodexInputError} If a tool cannot be used, or not on a server elsewhere.
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

  /** Creates the tools of a turn. Called by {@linkcode TurnTools.prepare}. */
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
   * Finds the tools that a thread has, and starts an MCP server for the others.
   *
   * @param source The thread to continue or copy; `undefined` for a new one.
   * @throws {CodexInputError} If a tool can no longer be added to the thread.
   * @throws {CodexPermissionError} If the runtime does not allow listening.
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

  /** Notes the tools of the thread, which is now open. */
  opened(threadId: string): void {
    if (this.#offered === undefined && this.tools.size === 0) return;
    this.#context.known.note(threadId, this.#offered);
  }

  /** Ends the running calls and prevents new ones, since nobody waits for them any more. */
  end(): void {
    this.calls.end();
    this.#server?.end();
  }

  /** Closes the tools and their MCP server; later results of the tools are ignored. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.end();
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await server.close();
    this.#context.secrets.forget(server.token);
  }

  /** Starts an MCP server for tools, if there are any; returns the settings that register it. */
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
    // The turn may have been stopped meanwhile.
    if (this.#isClosed) await this.close();
    return {
      // The dotted key adds to the other servers; an object would replace them (facts A34).
      [`mcp_servers.${this.#name}`]: {
        ...serverSettings(server, {
          http_headers: { Authorization: `Bearer ${server.token}` },
        }),
      },
    };
  }

  /** Rejects tools that a thread was not opened with, if it cannot be given others. */
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

/** Prepares the tools that are not ready yet; returns all of them. */
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

/** The server's message that refuses a tool namespace (facts A32). */
const RESERVED_NAME = /dynamic tool namespace .*: ([\w-]+)$/;

/** Maps the refusal of a tool namespace to an error about `toolServerName`; returns any other error unchanged. */
export function asReservedNameError(error: CodexError): CodexError {
  if (!(error instanceof CodexRequestError)) return error;
  const [, name] = RESERVED_NAME.exec(error.message) ?? [];
  if (name === undefined) return error;
  return new CodexInputError(
    `toolServerName must not be ${
      quoted(name)
    } on CodexAppServer: the CLI reserves that name`,
    { path: "toolServerName", cause: error },
  );
}
