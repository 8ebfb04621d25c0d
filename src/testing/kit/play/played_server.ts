import { askHandler } from "../../../app_server/answers/answers.ts";
import { readDecision } from "../../../app_server/answers/approvals.ts";
import type { ApprovalRequest } from "../../../app_server/approval.ts";
import type { CodexAppServerOptions } from "../../../app_server/options.ts";
import {
  AppServer,
  closedReason,
  type ServerLease,
} from "../../../app_server/server/app_server.ts";
import type { LiveTurn } from "../../../app_server/turn/live_turn.ts";
import { CodexInputError } from "../../../errors/codex_error.ts";
import { CodexRequestError } from "../../../errors/request_errors.ts";
import type { StreamedEvent } from "../../../protocol/deltas.ts";
import type { StopCause, TurnEnding } from "../../../transport/ending.ts";
import type {
  Transport,
  TurnBatch,
  TurnRequest,
} from "../../../transport/transport.ts";
import type { AskApproval, PlayedServerTurn } from "./approval.ts";
import { playTurn } from "./play_turn.ts";
import { PlayedThreads } from "./played_threads.ts";
import { type PlayedScript, ScriptReader } from "./script.ts";
import { batchWithoutDeltas } from "./batch_without_deltas.ts";

/** A server that is never started: it plays turns, and answers no other requests. */
export class PlayedServer extends AppServer {
  /** The script, with the requests so far. */
  readonly script: ScriptReader<PlayedServerTurn>;
  /** The threads so far. */
  readonly threads: PlayedThreads = new PlayedThreads();
  readonly #closing = new AbortController();

  /** Creates a server; nothing is played before the first turn. */
  constructor(
    script: PlayedScript<PlayedServerTurn>,
    options: CodexAppServerOptions,
  ) {
    super(options);
    this.script = new ScriptReader(script);
  }

  /** The signal that is aborted when the client is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Rejects requests other than turns. */
  override acquire(): Promise<ServerLease> {
    return Promise.reject(
      new CodexRequestError(
        "fakeCodexAppServer only plays turns: it answers no other request",
        { code: "request_refused", method: "" },
      ),
    );
  }

  /** Ends the turns that are played. */
  override async close(): Promise<void> {
    const cause: StopCause = { type: "aborted", reason: closedReason() };
    this.#closing.abort(cause);
    await super.close();
  }
}

/** The transport of one turn on a server whose turns are played. */
export class PlayedServerTransport implements Transport<StreamedEvent> {
  readonly #server: PlayedServer;
  readonly #live: LiveTurn;
  readonly #wasClosed: boolean;

  /** Creates a transport for a turn. */
  constructor(server: PlayedServer, live: LiveTurn) {
    this.#server = server;
    this.#live = live;
    this.#wasClosed = server.isClosed;
  }

  /** Plays the turn; see {@linkcode Transport.runTurn}. */
  async *runTurn(
    given: TurnRequest,
  ): AsyncGenerator<TurnBatch<StreamedEvent>, TurnEnding, void> {
    const live = this.#live;
    const { script, threads, closing, isStrict } = this.#server;
    if (this.#wasClosed) return notOpen();
    live.prepare();
    const stop = new AbortController();
    // Without waiting for the consumer to pull: others may be waiting for the end.
    const stopNow = (): void => {
      const { reason } = given.signal.aborted ? given.signal : closing;
      stop.abort(reason);
      live.over();
      live.settled();
    };
    const { signal } = stop;
    const request = { ...given, signal };
    const causes = [given.signal, closing];
    try {
      for (const cause of causes) cause.addEventListener("abort", stopNow);
      if (causes.some(({ aborted }) => aborted)) stopNow();
      if (signal.aborted) {
        return { ...signal.reason as StopCause, process: null };
      }
      const { turn, steer } = await script.next(request);
      const threadId = threads.open(request);
      live.start();
      live.begin({ steer: (input) => Promise.resolve(steer(input)) });
      const batches = playTurn(turn, {
        request,
        threadId,
        isStrict,
        addUsage: (share) => threads.add(threadId, share),
        ask: this.#ask,
      });
      for (;;) {
        const next = await batches.next();
        if (next.done) return next.value;
        yield live.options.deltas ? next.value : batchWithoutDeltas(next.value);
      }
    } finally {
      for (const cause of causes) cause.removeEventListener("abort", stopNow);
      live.over();
      live.settled();
    }
  }

  /** Returns the text unchanged: a script holds no secrets. */
  redact(text: string): string {
    return text;
  }

  readonly #ask: AskApproval = async (request, withdrawn) => {
    const { onApproval, answerTimeoutMs } = this.#live.options;
    if (onApproval === undefined) {
      return { answer: "decline", warning: unanswered(request) };
    }
    return await askHandler({
      name: "onApproval",
      handler: onApproval,
      request,
      read: readDecision,
      no: "decline" as const,
    }, { timeoutMs: answerTimeoutMs, withdrawn });
  };
}

function unanswered({ type }: ApprovalRequest): string {
  return `The agent asked for approval (${type}), but onApproval is not set: declined`;
}

function notOpen(): TurnEnding {
  return {
    type: "not_started",
    error: new CodexInputError(
      "Cannot run a turn: the client is closed; create another one",
      { path: "close" },
    ),
  };
}
