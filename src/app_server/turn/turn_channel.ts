import { CodexProtocolError } from "../../errors/protocol_errors.ts";
import { type CodexError, internalError } from "../../errors/codex_error.ts";
import type { Diagnostic } from "../../protocol/diagnostics.ts";
import type { StreamedEvent } from "../../protocol/deltas.ts";
import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import type { TurnBatch } from "../../transport/transport.ts";
import { shorten } from "../../util/text.ts";
import type { AskedItem } from "../answers/approvals.ts";
import {
  type CallableTools,
  TOOL_CALL,
  ToolRequests,
} from "../answers/tool_requests.ts";
import type { Connection } from "../connection/connection.ts";
import { text } from "../connection/fields.ts";
import { TOKEN_USAGE, TurnEvents } from "../events/events.ts";
import { Inbox } from "./inbox.ts";
import type { LiveTurnOptions } from "./live_turn.ts";
import { PendingAnswers } from "../answers/pending_answers.ts";
import type {
  ServerEnd,
  ServerRequest,
  ThreadRoute,
} from "../server/session.ts";

/** Milliseconds after which an idle thread is queried for the end of its turn. */
const IDLE_MS = 2000;

/** The notifications that still count when a turn is over. */
const ITEM_METHODS: ReadonlySet<string> = new Set([
  "item/started",
  "item/completed",
]);

/** The way in which a turn ended, as its channel saw it. */
export type TurnOver =
  | {
    /** The server reported the end. */
    readonly type: "completed";
    /** The turn as the server reported it, with its status. */
    readonly turn: JsonObject;
  }
  | {
    /** The server itself ended. */
    readonly type: "server_ended";
    readonly end: ServerEnd;
  }
  | {
    /** A message could not be read. */
    readonly type: "failed";
    readonly error: CodexError;
  }
  | {
    /** The turn was given up: it was stopped, or the server lost it. */
    readonly type: "given_up";
  };

/** Options of {@linkcode TurnChannel}. */
export interface TurnChannelOptions extends LiveTurnOptions {
  /** The connection for answers and requests. */
  readonly connection: Connection;
  /** True if an event of an unknown kind ends the turn. */
  readonly strict: boolean;
  /** Removes secrets from a text. */
  readonly redact: (text: string) => string;
  /** Interrupts the turn. */
  readonly interrupt: () => void;
  /** The tools that the agent may call. */
  readonly tools: CallableTools;
}

/**
 * Receives the server's messages for a turn. Messages are processed on arrival, so that the
 * state of the turn does not depend on how fast its events are read.
 */
export class TurnChannel implements ThreadRoute {
  readonly #options: TurnChannelOptions;
  readonly #events: TurnEvents;
  readonly #inbox = new Inbox();
  readonly #answers: PendingAnswers;
  readonly #toolRequests: ToolRequests;
  #diagnostics: Diagnostic[] = [];
  #warnings: string[] = [];
  #threadId = "";
  #startedAt = Date.now();
  #turnId: string | undefined;
  #expected: (() => void) | undefined;
  /** Notifications about a turn that arrived before this turn's id, whose answer may be late on a busy machine. */
  #early: (readonly [method: string, params: JsonObject])[] = [];
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #over: TurnOver | undefined;
  /** The items of an earlier turn whose end this turn waits for. */
  readonly #earlier = new Map<string, JsonObject>();
  /** True while the turn waits for that end. */
  #isWaiting = false;
  #isStopping = false;
  readonly #endedItems = new Set<JsonValue>();
  #itemEnded: () => void = () => {};
  #resolveBegun: () => void = () => {};
  #resolveOver: () => void = () => {};
  /** Resolves once no earlier turn of the thread is running; immediately if there is none. */
  idle: Promise<void> = Promise.resolve();
  #resolveIdle: () => void = () => {};
  /** Resolves once the server has begun the turn, or it is over; before, it cannot be interrupted (facts A1). */
  readonly begun: Promise<void>;
  /** Resolves once the turn is over. */
  readonly whenOver: Promise<void>;

  /** Creates a channel for a turn that has not been started. */
  constructor(options: TurnChannelOptions) {
    this.#options = options;
    this.begun = new Promise((resolve) => this.#resolveBegun = resolve);
    this.whenOver = new Promise((resolve) => this.#resolveOver = resolve);
    this.#events = new TurnEvents({
      deltas: options.deltas,
      strict: options.strict,
      onDiagnostic: (diagnostic) => {
        const { path, message } = diagnostic;
        this.#diagnostics.push({
          ...diagnostic,
          path: options.redact(path),
          message: options.redact(message),
        });
      },
    });
    this.#answers = new PendingAnswers({
      connection: options.connection,
      handlers: options,
      find: (params) => this.#find(params),
      warn: (message) => this.warn(message),
      changed: () => this.#inbox.push([]),
      interrupt: options.interrupt,
    });
    this.#toolRequests = new ToolRequests({
      ...options.tools,
      connection: options.connection,
      warn: (message) => this.warn(message),
      changed: () => this.#inbox.push([]),
    });
  }

  /** True if pieces of items are wanted. */
  get deltas(): boolean {
    return this.#options.deltas;
  }

  /** True once the turn is being stopped. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** The way in which the turn ended; `undefined` before that. */
  get over(): TurnOver | undefined {
    return this.#over;
  }

  /** The turn's id; `undefined` until it was started. */
  get turnId(): string | undefined {
    return this.#turnId;
  }

  /** Milliseconds since the server started the turn; since the channel was created, before that. */
  get ageMs(): number {
    return Date.now() - this.#startedAt;
  }

  /** The ids of the terminals in which commands of the turn are still running. */
  get openTerminals(): readonly string[] {
    return this.#events.openItems.flatMap(({ processId }) =>
      typeof processId === "string" ? [processId] : []
    );
  }

  /** The items that have begun and not ended, including those of an earlier turn. */
  get openItems(): readonly JsonObject[] {
    return [...this.#earlier.values(), ...this.#events.openItems];
  }

  /** Waits until the server has completed the items. */
  async itemsEnded(itemIds: readonly string[]): Promise<void> {
    while (!itemIds.every((id) => this.#endedItems.has(id))) {
      await new Promise<void>((resolve) => this.#itemEnded = resolve);
    }
  }

  /**
   * Notes that an earlier turn of the thread, started on another connection, is running, so
   * that this turn waits for its end. Meanwhile this channel receives its requests.
   *
   * @param items The items that it had begun. Its requests may be about one of them, and the
   * server does not send them again (facts A22).
   */
  waitForIdle(items: readonly JsonObject[]): void {
    this.idle = new Promise((resolve) => this.#resolveIdle = resolve);
    this.#isWaiting = true;
    for (const item of items) this.#keepEarlier(item);
    this.warn(
      "An earlier turn of the thread was still running on the server: this turn waited for it to end",
    );
  }

  /** Notes the ids of the turn and its thread, and processes earlier messages about it. */
  started(threadId: string, turnId: string): void {
    this.#startedAt = Date.now();
    this.#threadId = threadId;
    this.#turnId = turnId;
    for (const [method, params] of this.#early.splice(0)) {
      this.notified(method, params);
    }
  }

  /** Treats the next turn that begins on the thread as this one, if no answer names it. */
  expect(threadId: string, begun: () => void): void {
    this.#threadId = threadId;
    this.#expected = begun;
  }

  /** Handles a notification of the thread; see {@linkcode ThreadRoute}. */
  notified(method: string, params: JsonObject): void {
    if (method === "serverRequest/resolved") {
      const { requestId } = params;
      if (typeof requestId === "string" || typeof requestId === "number") {
        this.#answers.resolved(requestId);
      }
      return;
    }
    if (method === "thread/closed") {
      // Nothing of the turn is running, and no messages about it will follow.
      if (this.#turnId !== undefined) this.giveUp();
      this.#endWaiting();
      return;
    }
    if (method === "thread/status/changed") return this.#changed(params.status);
    if (method === "turn/started" && this.#expected !== undefined) {
      const { turn } = params;
      if (isObject(turn)) this.started(this.#threadId, String(turn.id));
      this.#expected();
      this.#expected = undefined;
    }
    if (!this.#isOwn(method, params)) {
      if (this.#isWaiting) {
        if (isObject(params.item)) this.#keepEarlier(params.item);
        this.#withResult(method, params);
      } else if (this.#turnId === undefined && namesTurn(params)) {
        this.#early.push([method, params]);
      }
      // Sent when a thread is resumed, with the id of its last turn (facts A36).
      if (method === TOKEN_USAGE) this.usageBefore(params.tokenUsage);
      return;
    }
    // Commands that an interruption leaves running end later, under the turn's id; those that
    // had just been started also begin later.
    if (this.#over !== undefined && !ITEM_METHODS.has(method)) return;
    try {
      const told = this.#withResult(method, params);
      this.#inbox.push(this.#events.map(method, told));
    } catch (error) {
      this.#end({ type: "failed", error: asProtocolError(error) });
      return;
    }
    if (method === "item/completed" && isObject(params.item)) {
      this.#endedItems.add(params.item.id ?? "");
      this.#itemEnded();
    }
    if (method === "turn/started") this.#resolveBegun();
    if (method === "turn/completed" && isObject(params.turn)) {
      this.#end({ type: "completed", turn: params.turn });
    }
  }

  /** Handles a request of the thread; see {@linkcode ThreadRoute}. */
  requested(request: ServerRequest): void {
    if (request.method === TOOL_CALL) {
      return this.#toolRequests.ask(request, !this.#isWaiting);
    }
    const { onApproval, onElicitation } = this.#options;
    const isNobodys = onApproval === undefined && onElicitation === undefined;
    // Another client may answer a request of an earlier turn, if this one has no handlers.
    if (this.#isWaiting && isNobodys) return;
    this.#answers.ask(request);
  }

  /** Adds the structured result of its tool to a completed item. */
  #withResult(method: string, params: JsonObject): JsonObject {
    const { item } = params;
    if (method !== "item/completed" || !isObject(item)) return params;
    const threadId = text(params.threadId);
    return { ...params, item: this.#toolRequests.completed(threadId, item) };
  }

  #endWaiting(): void {
    this.#isWaiting = false;
    this.#resolveIdle();
  }

  #keepEarlier(item: JsonObject): void {
    if (typeof item.id === "string") this.#earlier.set(item.id, item);
  }

  /** Handles the end of the server. */
  ended(end: ServerEnd): void {
    this.#end({ type: "server_ended", end });
    this.close();
  }

  /** Notes the last report of the thread's tokens before the turn. */
  usageBefore(tokenUsage: JsonValue | undefined): void {
    this.#events.usageBefore(tokenUsage);
  }

  /** Notes that the turn is being stopped, and ends the running tools. */
  stop(): void {
    this.#isStopping = true;
    this.#toolRequests.stop();
  }

  /** Gives up the turn, without waiting for further messages. */
  giveUp(): void {
    this.#end({ type: "given_up" });
  }

  /** Ends the stream of events, after completing items that an interruption left open. */
  close(): void {
    clearTimeout(this.#idleTimer);
    if (this.#over?.type === "completed" && isInterrupted(this.#over.turn)) {
      this.#inbox.push(this.#events.closeItems());
    }
    this.#inbox.end();
  }

  /** Adds a warning to the turn. */
  warn(message: string): void {
    // The message of a handler's error may have any length.
    this.#warnings.push(shorten(this.#options.redact(message)));
    this.#inbox.push([]);
  }

  /** Waits for news, and returns everything that has arrived; `undefined` at the end. */
  async take(): Promise<TurnBatch<StreamedEvent> | undefined> {
    const events = await this.#inbox.take();
    const isOver = events === undefined &&
      this.#diagnostics.length + this.#warnings.length === 0;
    return isOver ? undefined : this.batch(events ?? []);
  }

  /** Creates a batch of events, with the diagnostics and warnings since the last one. */
  batch(events: readonly StreamedEvent[]): TurnBatch<StreamedEvent> {
    const diagnostics = this.#diagnostics;
    const warnings = this.#warnings;
    this.#diagnostics = [];
    this.#warnings = [];
    const { before, total } = this.#events.usage;
    return {
      events,
      diagnostics,
      warnings,
      isAsking: this.#answers.isAsking || this.#toolRequests.isRunning,
      ...(before === undefined ? {} : { usageBefore: before, usage: total }),
    };
  }

  /** Tells whether a notification belongs to the turn, not to an earlier one of the thread. */
  #isOwn(method: string, { turnId, turn }: JsonObject): boolean {
    if (method === "turn/started" || method === "turn/completed") {
      // A review works in a turn within the one that was begun (facts A2).
      return this.#turnId !== undefined && isObject(turn) &&
        [turn.id, turn.rootTurnId].includes(this.#turnId);
    }
    return turnId === undefined || turnId === null || turnId === this.#turnId;
  }

  /** Tracks the status of the thread, since a `turn/completed` may get lost. */
  #changed(status: JsonValue | undefined): void {
    clearTimeout(this.#idleTimer);
    const type = isObject(status) ? status.type : undefined;
    if (type !== "idle" && type !== "systemError") return;
    this.#endWaiting();
    if (this.#over !== undefined || this.#turnId === undefined) return;
    this.#idleTimer = setTimeout(() => this.#queryEnd(), IDLE_MS);
  }

  /** Asks the server about a turn whose end it has not reported. */
  async #queryEnd(): Promise<void> {
    const { connection } = this.#options;
    try {
      const { data } = await connection.request("thread/turns/list", {
        threadId: this.#threadId,
        limit: 1,
        itemsView: "notLoaded",
      });
      const turn = data.find(({ id }) => id === this.#turnId);
      if (turn !== undefined && turn.status !== "inProgress") {
        const told = { ...turn } as unknown as JsonObject;
        return this.notified("turn/completed", { turn: told });
      }
    } catch {
      // The turn is lost.
    }
    this.giveUp();
    this.close();
  }

  /** Finds the item that a request is about. */
  #find(params: JsonObject): AskedItem {
    const { itemId, serverName, _meta: meta } = params;
    const item = itemId === undefined
      ? this.#events.openItems.findLast(({ type, server, tool }) =>
        type === "mcpToolCall" && server === serverName && isObject(meta) &&
        tool === meta.tool_name
      )
      : this.#events.openItems.find(({ id }) => id === itemId) ??
        this.#earlier.get(String(itemId));
    return { id: this.#events.findId(item?.id), item };
  }

  #end(over: TurnOver): void {
    if (this.#over !== undefined) return;
    this.#over = over;
    clearTimeout(this.#idleTimer);
    this.#answers.end();
    this.#toolRequests.end();
    this.#endWaiting();
    this.#resolveBegun();
    this.#resolveOver();
  }
}

/** Tells whether a notification is about some turn. */
function namesTurn({ turnId, turn }: JsonObject): boolean {
  return typeof turnId === "string" || isObject(turn);
}

/** Tells whether a turn was interrupted. */
export function isInterrupted({ status }: JsonObject): boolean {
  return status === "interrupted";
}

function asProtocolError(error: unknown): CodexError {
  return error instanceof CodexProtocolError
    ? error
    : internalError("Cannot read a message of codex app-server", error);
}
