import type { JsonObject } from "../../protocol/json.ts";
import type { PreparedTools } from "../../tools/prepared_tools.ts";
import type { ToolCalls } from "../../tools/tool_calls.ts";
import { type CallResult, failedCall } from "../../tools/tool_content.ts";
import { quoted, shorten } from "../../util/text.ts";
import type { Connection } from "../connection/connection.ts";
import { text } from "../connection/fields.ts";
import type { RequestId } from "../connection/wire.ts";
import type { ServerRequest } from "../server/session.ts";
import { toToolResponse } from "../tools/tool_responses.ts";

/** The server's request to call a tool that a thread was opened with. */
export const TOOL_CALL = "item/tool/call";

/** The longest name in a warning, in characters. */
const MAX_NAME_LENGTH = 200;

/** The tools of a turn, and the means to run them. */
export interface CallableTools {
  /** The tools. */
  readonly tools: PreparedTools;
  /** Runs them. */
  readonly calls: ToolCalls;
}

/** The parts of a turn that answering calls needs. */
export interface ToolRequestsContext extends CallableTools {
  /** The connection to send results on. */
  readonly connection: Connection;
  /** Adds a warning to the turn. */
  warn(message: string): void;
  /** Reports that the number of running calls has changed. */
  changed(): void;
}

/** A running call. */
interface RunningCall {
  readonly threadId: string;
  readonly callId: string;
}

/** The calls, in one turn, of tools that its thread was opened with. Each is answered once. */
export class ToolRequests {
  readonly #context: ToolRequestsContext;
  readonly #running = new Map<RequestId, RunningCall>();
  /** Results that are objects, by the threads and ids of their calls: the server does not keep them. */
  readonly #objects = new Map<string, JsonObject>();
  /** The unknown tools that were asked for. */
  readonly #unknown = new Set<string>();
  #isOver = false;
  #isStopped = false;

  /** Creates an empty set for a turn. */
  constructor(context: ToolRequestsContext) {
    this.#context = context;
  }

  /** True while a tool runs. */
  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /**
   * Answers a call. A call of a tool that the program does not have fails.
   *
   * @param isOwn False for a call of an earlier turn, which another client may answer.
   */
  ask({ id, params }: ServerRequest, isOwn: boolean): void {
    const { tools, calls, changed } = this.#context;
    const name = text(params.tool);
    const tool = tools.get(name);
    if (tool === undefined) {
      this.#warnAbout(name, isOwn);
      if (isOwn) this.#reply(id, failedCall("The program has no such tool"));
      return;
    }
    const running = {
      threadId: text(params.threadId),
      callId: text(params.callId),
    };
    this.#running.set(id, running);
    changed();
    const input = params.arguments ?? {};
    calls.run(id, { tool, input, ...running }).then((result) => {
      // Withdrawn, or answered by another client.
      if (!this.#running.delete(id)) return;
      const { structuredContent } = result;
      if (structuredContent !== undefined) {
        this.#objects.set(makeKey(running), structuredContent);
      }
      this.#reply(id, result);
      changed();
    });
  }

  /**
   * Handles the end of an item: its call is cancelled if it still runs, as another client may
   * have answered it.
   *
   * @returns The item, with the structured result of its call, if there is one.
   */
  completed(threadId: string, item: JsonObject): JsonObject {
    if (item.type !== "dynamicToolCall") return item;
    const key = makeKey({ threadId, callId: text(item.id) });
    for (const [id, running] of this.#running) {
      if (makeKey(running) === key) this.#cancel(id);
    }
    const structuredContent = this.#objects.get(key);
    this.#objects.delete(key);
    return structuredContent === undefined
      ? item
      : { ...item, structuredContent };
  }

  /** Ends all calls and prevents new ones, since the turn is over. */
  end(): void {
    this.#isOver = true;
    this.#context.calls.end();
  }

  /** Ends all calls without replying: a reply would let the turn that is being stopped continue. */
  stop(): void {
    this.#isStopped = true;
    this.#running.clear();
    this.end();
  }

  #cancel(id: RequestId): void {
    this.#running.delete(id);
    this.#context.calls.cancel(id);
    this.#context.changed();
  }

  #reply(id: RequestId, result: CallResult): void {
    if (this.#isStopped) return;
    this.#context.connection.reply(id, toToolResponse(result));
  }

  #warnAbout(name: string, isOwn: boolean): void {
    if (this.#isOver || this.#unknown.has(name)) return;
    this.#unknown.add(name);
    const what = quoted(shorten(name, MAX_NAME_LENGTH));
    this.#context.warn(
      isOwn
        ? `The agent called the tool ${what}, which the thread was opened with but this program does not have: the call failed; add it to tools`
        : `An earlier turn of the thread is waiting for the tool ${what}, which this program does not have`,
    );
  }
}

function makeKey({ threadId, callId }: RunningCall): string {
  return `${threadId} ${callId}`;
}
