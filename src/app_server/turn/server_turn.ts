import { redactError } from "../../cli/redact_error.ts";
import {
  CodexError,
  CodexInputError,
  internalError,
} from "../../errors/codex_error.ts";
import { CodexRequestError } from "../../errors/request_errors.ts";
import {
  CodexThreadBusyError,
  CodexThreadNotFoundError,
} from "../../errors/turn_errors.ts";
import type { StreamedEvent } from "../../protocol/deltas.ts";
import { isObject, type JsonObject } from "../../protocol/json.ts";
import { currentRuntime } from "../../runtime/current.ts";
import type { StopCause, TurnEnding } from "../../transport/ending.ts";
import type {
  TurnBatch,
  TurnImage,
  TurnRequest,
} from "../../transport/transport.ts";
import {
  asResumeFailure,
  isUnanswered,
} from "../connection/request_failures.ts";
import { imageBytes } from "./image_bytes.ts";
import { onAbort } from "../../util/on_abort.ts";
import { ImageFiles } from "./image_files.ts";
import { type LiveTurn, notRunning, type SteeringInput } from "./live_turn.ts";
import { placeRequest } from "./place_request.ts";
import type { AppServer, ServerLease } from "../server/app_server.ts";
import { stopTurn } from "./stop_turn.ts";
import {
  hasOwnModel,
  type PlacedRequest,
  reviewTarget,
  threadSettings,
  turnInput,
  turnParams,
} from "./thread_params.ts";
import { THREAD_SOURCES } from "../threads/thread_sources.ts";
import { TurnChannel } from "./turn_channel.ts";
import { closedEnding, toTurnEnding } from "./turn_ending.ts";
import type { ServerSession } from "../server/session.ts";
import { asReservedNameError, type TurnTools } from "../tools/turn_tools.ts";

/** Options of {@linkcode ServerTurn}. */
export interface ServerTurnContext {
  /** The turn. */
  readonly request: TurnRequest;
  /** The server that it runs on. */
  readonly server: AppServer;
  /** The turn's handlers and controls. */
  readonly live: LiveTurn;
  /** True if the client was closed before the turn was requested, not while it was queued. */
  readonly wasClosed: boolean;
}

/** A turn whose thread is open. */
interface OpenTurn {
  readonly lease: ServerLease;
  readonly channel: TurnChannel;
  readonly threadId: string;
  readonly placed: PlacedRequest;
}

/**
 * One turn on the server: opens its thread, starts it, passes its events on, stops it, and
 * releases everything.
 */
export class ServerTurn {
  readonly #context: ServerTurnContext;
  readonly #stopWaiters: (() => void)[] = [];
  /** The functions that release what was acquired, in the order of acquisition. */
  readonly #taken: (() => void)[] = [];
  readonly #imageFiles = new ImageFiles();
  #tools: TurnTools | undefined;
  #open: OpenTurn | undefined;
  /** Resolves with true once the server has started the turn or refused to; with false if it does not answer. */
  #starting: Promise<boolean> | undefined;
  #stopped: StopCause | undefined;
  #settled: Promise<void> | undefined;

  /** Prepares a turn, without starting anything. */
  constructor(context: ServerTurnContext) {
    this.#context = context;
  }

  /** Runs the turn; see `Transport.runTurn`. However it ends, the same `finally` cleans up. */
  async *run(): AsyncGenerator<TurnBatch<StreamedEvent>, TurnEnding, void> {
    const { signal } = this.#context.request;
    const stop = (): void => this.#stop(signal.reason as StopCause);
    const leave = this.#stopWhenClosed();
    let opening: Promise<unknown> = Promise.resolve();
    this.#context.live.prepare();
    try {
      signal.addEventListener("abort", stop);
      if (signal.aborted) {
        stop();
        return this.#stoppedEnding();
      }
      const opened = this.#openThread();
      opening = opened;
      const open = await this.#unlessStopped(opened);
      if (open === undefined) return this.#stoppedEnding();
      if ("type" in open) return open;
      const { channel, threadId } = open;
      const { server, request } = this.#context;
      server.requestWarnings(request.threadOptions).forEach((each) =>
        channel.warn(each)
      );
      yield channel.batch([{ type: "thread.started", thread_id: threadId }]);
      if (this.#stopped !== undefined) return this.#stoppedEnding();
      // Starting now would steer a running turn instead of queueing behind it (facts A9).
      await this.#unlessStopped(channel.idle);
      if (this.#stopped !== undefined) return this.#stoppedEnding();
      if (channel.over !== undefined) return this.#ending(channel);
      const refused = await this.#start(open);
      if (refused !== undefined) return refused;
      for (;;) {
        const batch = await channel.take();
        if (batch === undefined) break;
        yield batch;
      }
      await this.#settled;
      return this.#ending(channel);
    } catch (error) {
      return {
        type: "failed",
        error: this.#asCodexError(error, "Cannot continue the turn"),
        process: null,
      };
    } finally {
      signal.removeEventListener("abort", stop);
      leave();
      await this.#close(opening);
    }
  }

  /** Stops the turn when the client is closed: on a server elsewhere it would continue. */
  #stopWhenClosed(): () => void {
    const { closed } = this.#context.server;
    if (closed.aborted) return () => {};
    return onAbort(
      closed,
      () => this.#stop({ type: "aborted", reason: closed.reason }),
    );
  }

  /** Stops the turn, even if its consumer no longer pulls. Leaves a turn that is over unchanged. */
  #stop(cause: StopCause): void {
    if (this.#stopped !== undefined) return;
    if (this.#open?.channel.over !== undefined) return;
    this.#stopped = cause;
    // Without waiting for the server to say so, which it may no longer be able to.
    this.#endTools();
    for (const wake of this.#stopWaiters) wake();
    if (this.#starting !== undefined) this.#settle();
    else if (this.#open !== undefined) this.#release();
  }

  #endTools(): void {
    this.#open?.channel.stop();
    this.#tools?.end();
  }

  /** Waits for a promise; returns `undefined` if the turn is stopped first. */
  async #unlessStopped<T>(awaited: Promise<T>): Promise<T | undefined> {
    if (this.#stopped !== undefined) return undefined;
    const stopped = new Promise<undefined>((resolve) =>
      this.#stopWaiters.push(() => resolve(undefined))
    );
    return await Promise.race([awaited, stopped]);
  }

  /** Checks the request, gets the server, and opens the thread; returns an ending if that fails. */
  async #openThread(): Promise<OpenTurn | TurnEnding> {
    const { request, server, live, wasClosed } = this.#context;
    try {
      if (request.compact && request.threadId === null) {
        throw new CodexInputError(
          "Cannot shorten the history of a thread that has not begun",
          { path: "thread" },
        );
      }
      const runtime = currentRuntime();
      const { isElsewhere } = server;
      const placed = await placeRequest(runtime, request, {
        ...live.options,
        isElsewhere,
      });
      const tools = await server.prepareTools(request);
      this.#tools = tools;
      const lease = await server.acquire();
      this.#taken.push(() => lease.release());
      return await this.#openOn(lease, placed, tools);
    } catch (error) {
      if (server.isClosed && !wasClosed) return closedEnding(null);
      return {
        type: "not_started",
        error: this.#asCodexError(error, "Cannot prepare the turn"),
      };
    }
  }

  async #openOn(
    lease: ServerLease,
    placed: Omit<PlacedRequest, "config">,
    tools: TurnTools,
  ): Promise<OpenTurn | TurnEnding> {
    const { request, server, live } = this.#context;
    const { session, threads } = lease;
    const channel: TurnChannel = new TurnChannel({
      ...live.options,
      tools,
      connection: session.connection,
      strict: server.isStrict,
      redact: (text) => server.redact(text),
      interrupt: () => this.#interrupt(),
    });
    const config = await this.#readConfig(lease, placed);
    const images = await this.#sendable(session, placed.request.images);
    const full = { ...placed, config, request: { ...placed.request, images } };
    const { origin } = request;
    const resumed = origin.type === "last" && request.threadId === null
      ? await this.#findLast(lease, placed)
      : placed.request.threadId;
    const copyOf = origin.type === "fork" ? origin.threadId : undefined;
    const setup = await tools.connect(session, resumed ?? copyOf);
    setup.warnings.forEach((each) => channel.warn(each));
    // By now, the thread may already be running its next turn.
    if (this.#stopped !== undefined) return this.#stoppedEnding();
    const listen = (threadId: string): void => {
      const leave = session.route(threadId, channel);
      if (leave === undefined) throw busy(threadId);
      this.#taken.push(leave);
    };
    // Only one turn per thread: a second one would steer the first (facts A9).
    if (resumed !== null) {
      await session.stopped(resumed);
      if (this.#stopped !== undefined) return this.#stoppedEnding();
      listen(resumed);
    }
    const threadId = await threads.open({
      threadId: resumed,
      copyOf,
      dynamicTools: setup.dynamicTools,
      settings: threadSettings(full, setup.config),
      threadSource: request.threadOptions.threadSource || undefined,
      ephemeral: request.threadOptions.ephemeral ?? false,
      opened: (id, { isActive, tokenUsage }) => {
        if (resumed === null) listen(id);
        channel.usageBefore(tokenUsage);
        if (isActive) channel.waitForIdle(server.lostItems.get(id) ?? []);
        server.lostItems.delete(id);
      },
    });
    this.#taken.push(() => threads.release(threadId));
    tools.opened(threadId);
    const open = { lease, channel, threadId, placed: full };
    this.#open = open;
    // If stopped meanwhile, an earlier turn may have called a tool.
    if (this.#stopped !== undefined) this.#endTools();
    return open;
  }

  /** Finds the thread that was last used in the turn's folder. */
  async #findLast(
    { session }: ServerLease,
    { cwd }: Omit<PlacedRequest, "config">,
  ): Promise<string> {
    const { data } = await session.connection.request("thread/list", {
      limit: 1,
      cwd,
      sourceKinds: THREAD_SOURCES,
      sortKey: "updated_at",
    });
    const [last] = data;
    if (last !== undefined) return last.id;
    throw new CodexThreadNotFoundError(
      "Cannot resume the last thread: this folder has none",
      { requestedThreadId: "", openedThreadId: null },
    );
  }

  /** Reads the configuration, if the turn's sandbox depends on it. */
  async #readConfig(
    { session }: ServerLease,
    { request, cwd }: Omit<PlacedRequest, "config">,
  ): Promise<JsonObject> {
    const { sandboxMode } = request.threadOptions;
    if (sandboxMode && sandboxMode !== "workspace-write") return {};
    const { config } = await session.connection.request("config/read", {
      includeLayers: false,
      cwd,
    });
    return isObject(config) ? config : {};
  }

  /** Starts the turn; returns an ending if it failed to start. */
  async #start(
    { lease, channel, threadId, placed }: OpenTurn,
  ): Promise<TurnEnding | undefined> {
    this.#context.live.start();
    const starting = this.#begin(lease, channel, threadId, placed);
    this.#starting = starting.then(
      () => true,
      (error) => !isUnanswered(error),
    );
    channel.whenOver.then(() => this.#settle());
    try {
      await this.#unlessStopped(starting);
      return undefined;
    } catch (error) {
      const { over } = channel;
      if (over?.type === "server_ended") return this.#ending(channel);
      channel.giveUp();
      if (this.#stopped !== undefined) return this.#stoppedEnding();
      const known = this.#asCodexError(error, "Cannot start the turn");
      return known instanceof CodexRequestError
        ? { type: "not_started", error: known }
        : { type: "failed", error: known, process: null };
    }
  }

  /** Sends the request that starts the turn. */
  #begin(
    { session: { connection }, threads }: ServerLease,
    channel: TurnChannel,
    threadId: string,
    placed: PlacedRequest,
  ): Promise<unknown> {
    const { review, compact } = placed.request;
    const begun = (): void =>
      this.#context.live.begin({ steer: (input) => this.#steer(input) });
    if (compact) {
      channel.expect(threadId, begun);
      return connection.request("thread/compact/start", { threadId }, {
        mayRepeat: false,
      });
    }
    const options = {
      // A repeated request would steer the turn that the first one has started.
      mayRepeat: false,
      received: ({ turn }: { readonly turn: { readonly id: string } }) => {
        begun();
        channel.started(threadId, turn.id);
      },
    };
    return review === undefined
      ? connection.request(
        "turn/start",
        turnParams(
          threadId,
          placed,
          threads.takeBack(threadId, hasOwnModel(placed.request)),
        ),
        options,
      )
      : connection.request("review/start", {
        threadId,
        delivery: "inline",
        target: reviewTarget(review),
      }, options);
  }

  /** Ends everything that the turn still runs, unless it is complete, and then its events. */
  #settle(): Promise<void> {
    this.#settled ??= this.#settleNow();
    return this.#settled;
  }

  async #settleNow(): Promise<void> {
    const { lease, channel, threadId } = this.#open as OpenTurn;
    const { over } = channel;
    this.#context.live.over();
    const isComplete = over?.type === "completed" &&
      over.turn.status === "completed";
    if (isComplete) lease.threads.keep(threadId, channel.openTerminals);
    if (!isComplete && over?.type !== "server_ended") {
      await stopTurn({
        server: lease,
        threadId,
        channel,
        starting: this.#starting ?? Promise.resolve(true),
        graceMs: this.#context.server.graceMs,
      });
      channel.giveUp();
    }
    if (over?.type === "server_ended") this.#keepItems();
    channel.close();
    this.#context.live.settled();
    // Even if nobody reads the rest of the channel.
    await this.#imageFiles.remove();
    await this.#tools?.close();
    this.#release();
  }

  /** Adds input to the turn. */
  async #steer({ prompt, images }: SteeringInput): Promise<void> {
    const { lease: { session }, channel, threadId } = this.#open as OpenTurn;
    const sent = await this.#sendable(session, images);
    if (this.#settled !== undefined) throw notRunning("turn/steer");
    try {
      await session.connection.request("turn/steer", {
        threadId,
        input: turnInput({ prompt, images: sent }),
        expectedTurnId: channel.turnId as string,
      });
    } catch (error) {
      throw this.#asCodexError(asNotRunning(error), "Cannot steer the turn");
    }
  }

  /** Converts images so that the server can read them: to files on this machine, to bytes elsewhere. */
  async #sendable(
    { local }: ServerSession,
    images: readonly TurnImage[],
  ): Promise<readonly TurnImage[]> {
    return local === undefined
      ? await imageBytes(currentRuntime(), images)
      : await this.#imageFiles.write(local, images);
  }

  /** Interrupts the turn, for a `cancel` decision. */
  #interrupt(): void {
    const { lease, channel, threadId } = this.#open as OpenTurn;
    const { turnId } = channel;
    if (turnId === undefined) return;
    lease.session.connection.request("turn/interrupt", { threadId, turnId })
      .catch(() => {});
  }

  #ending({ over }: TurnChannel): TurnEnding {
    const { isClosed } = this.#context.server;
    return toTurnEnding({ over, stopped: this.#stopped, isClosed });
  }

  #stoppedEnding(): TurnEnding {
    return { ...this.#stopped as StopCause, process: null };
  }

  /** Cleans up everything that is left of the turn. */
  async #close(opening: Promise<unknown>): Promise<void> {
    if (this.#starting !== undefined) await this.#settle();
    await this.#imageFiles.remove();
    await this.#tools?.close();
    if (this.#starting === undefined) this.#keepItems();
    this.#release();
    // If stopped while the server or the thread was being opened, that continues.
    opening.then(async () => {
      if (this.#starting === undefined) this.#keepItems();
      this.#release();
      await this.#tools?.close();
    });
  }

  /**
   * Keeps the items that have begun, for the thread's next turn: on a server elsewhere, a turn
   * whose connection was lost continues, and so does one that this turn only waited for.
   */
  #keepItems(): void {
    const { isElsewhere, lostItems } = this.#context.server;
    if (this.#open === undefined || !isElsewhere) return;
    const { channel: { openItems }, threadId } = this.#open;
    if (openItems.length > 0) lostItems.set(threadId, openItems);
  }

  /** Releases the thread and the server, once. */
  #release(): void {
    for (const give of this.#taken.splice(0).reverse()) give();
  }

  /**
   * Removes secrets from an error, and makes the error of a failed resume specific. Any error
   * that is not this package's is a defect.
   */
  #asCodexError(error: unknown, what: string): CodexError {
    const known = error instanceof CodexError
      ? asReservedNameError(this.#asResumeFailure(error))
      : internalError(what, error);
    return redactError(known, (text) => this.#context.server.redact(text));
  }

  #asResumeFailure(error: CodexError): CodexError {
    const { origin, ...request } = this.#context.request;
    const threadId = origin.type === "fork"
      ? request.threadId ?? origin.threadId
      : request.threadId;
    return error instanceof CodexRequestError && threadId !== null
      ? asResumeFailure(error, threadId)
      : error;
  }
}

/** Creates the error for a thread that has a running turn on the same server. */
function busy(threadId: string): CodexThreadBusyError {
  return new CodexThreadBusyError(
    `Cannot run a turn of thread ${threadId}: another turn of it is running on this client; use one Thread for both, which queues them`,
    { requestedThreadId: threadId },
  );
}

/** Maps a refusal because the turn is over; returns any other error unchanged. */
function asNotRunning(error: unknown): unknown {
  return error instanceof CodexRequestError &&
      /no active turn|expected active turn/.test(error.serverMessage ?? "")
    ? notRunning(error.method, error)
    : error;
}
