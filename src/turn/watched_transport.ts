import type {
  BegunTurn,
  Listeners,
  TurnListener,
} from "../options/listeners.ts";
import { LISTENERS } from "../options/table.ts";
import { isDelta, type StreamedEvent } from "../protocol/deltas.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import type { TurnEnding } from "../transport/ending.ts";
import type { ProcessWatcher } from "../transport/process_watcher.ts";
import type {
  Transport,
  TurnBatch,
  TurnRequest,
  TurnWatch,
} from "../transport/transport.ts";
import { isThenable } from "../util/is_thenable.ts";
import { ListenerCalls } from "./listener_calls.ts";

/** The ending for a transport whose consumer has left; nothing reads it. */
const ABANDONED: TurnEnding = { type: "abandoned", process: null };

/**
 * Returns a transport whose turns are watched; the same transport if there are no
 * listeners.
 *
 * @param ofProcess The calls of listeners for a process that turns share, if they do;
 * errors in them become warnings of a turn.
 */
export function watchTransport<E extends StreamedEvent>(
  transport: Transport<E>,
  listeners: Listeners,
  ofProcess?: ListenerCalls,
): Transport<E> {
  const isWatched = Object.keys(LISTENERS)
    .some((name) => listeners[name as keyof Listeners] !== undefined);
  return !isWatched
    ? transport
    : new WatchedTransport(transport, listeners, ofProcess);
}

/** Returns a watcher that calls the listeners of a process. */
export function watchProcess(
  { onSpawn, onStderr, onExit }: Listeners,
  calls: ListenerCalls,
): ProcessWatcher {
  return {
    spawned: (process) => {
      if (onSpawn) calls.add("onSpawn", () => onSpawn(process));
    },
    wrote: (text, process) => {
      if (onStderr) calls.add("onStderr", () => onStderr(text, process));
    },
    exited: (process) => {
      if (onExit) calls.add("onExit", () => onExit(process));
    },
  };
}

/** A transport whose turns are watched; it passes everything on unchanged. */
class WatchedTransport<E extends StreamedEvent> implements Transport<E> {
  readonly #transport: Transport<E>;
  readonly #listeners: Listeners;
  readonly #ofProcess: ListenerCalls | undefined;

  constructor(
    transport: Transport<E>,
    listeners: Listeners,
    ofProcess: ListenerCalls | undefined,
  ) {
    this.#transport = transport;
    this.#listeners = listeners;
    this.#ofProcess = ofProcess;
  }

  redact(text: string): string {
    return this.#transport.redact(text);
  }

  get explain(): Transport<E>["explain"] {
    return this.#transport.explain?.bind(this.#transport);
  }

  watchTurn(turn: BegunTurn): TurnWatch | undefined {
    const { onTurn } = this.#listeners;
    if (onTurn === undefined) return undefined;
    const calls = new ListenerCalls((text) => this.redact(text));
    let listener: TurnListener | undefined;
    calls.add("onTurn", () => {
      const given: unknown = onTurn(turn);
      if (!isThenable(given)) {
        listener = given as TurnListener | undefined;
        return;
      }
      // `ListenerCalls` catches the rejection.
      return Promise.resolve(given).then(() => {
        throw new TypeError("onTurn must not be asynchronous");
      });
    });
    // At once: a short turn could be over before a scheduled call.
    calls.flush();
    return {
      events: (events) => {
        for (const event of events) {
          calls.add("onTurn", () => listener?.event?.(event));
        }
      },
      ended: (end) => {
        calls.add("onTurn", () => listener?.ended?.(end));
        return calls.settle();
      },
    };
  }

  async *runTurn(
    request: TurnRequest,
  ): AsyncGenerator<TurnBatch<E>, TurnEnding, void> {
    const calls = new ListenerCalls((text) => this.redact(text));
    const turn = new WatchedTurnCalls(this.#listeners, calls, request.threadId);
    const { attempt } = request;
    if (attempt !== undefined) turn.reportEvents([attempt]);
    const watcher = watchProcess(this.#listeners, calls);
    const batches = this.#transport.runTurn({ ...request, watcher });
    try {
      for (;;) {
        const { done, value } = await batches.next();
        if (done) {
          const warnings = await this.#settle(calls);
          if (warnings.length > 0) {
            yield { events: [], diagnostics: [], warnings };
          }
          return value;
        }
        turn.reportEvents(value.events);
        turn.reportDiagnostics(value.diagnostics);
        yield value;
      }
    } finally {
      try {
        await batches.return(ABANDONED);
      } finally {
        calls.flush();
      }
    }
  }

  /** Returns the errors that listeners have thrown, as warnings. */
  async #settle(calls: ListenerCalls): Promise<string[]> {
    const [own, shared = []] = await Promise.all([
      calls.settle(),
      this.#ofProcess?.settle(),
    ]);
    return [...own, ...shared];
  }
}

/** Calls the listeners of a turn's events. */
class WatchedTurnCalls {
  readonly #listeners: Listeners;
  readonly #calls: ListenerCalls;
  #threadId: string | null;

  constructor(
    listeners: Listeners,
    calls: ListenerCalls,
    threadId: string | null,
  ) {
    this.#listeners = listeners;
    this.#calls = calls;
    this.#threadId = threadId;
  }

  reportEvents(events: readonly StreamedEvent[]): void {
    const { onEvent } = this.#listeners;
    for (const event of events) {
      if (isDelta(event)) continue;
      if (event.type === "thread.started") this.#threadId = event.thread_id;
      if (onEvent !== undefined) this.#report(onEvent, event);
    }
  }

  reportDiagnostics(diagnostics: TurnBatch["diagnostics"]): void {
    const { onDiagnostic } = this.#listeners;
    if (onDiagnostic === undefined) return;
    const turn = { threadId: this.#threadId };
    for (const diagnostic of diagnostics) {
      this.#calls.add("onDiagnostic", () => onDiagnostic(diagnostic, turn));
    }
  }

  #report(
    onEvent: NonNullable<Listeners["onEvent"]>,
    event: ThreadEvent,
  ): void {
    const turn = { threadId: this.#threadId };
    this.#calls.add("onEvent", () => onEvent(event, turn));
  }
}
