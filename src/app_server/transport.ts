import type { StreamedEvent } from "../protocol/deltas.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import type { TurnEnding } from "../transport/ending.ts";
import type {
  Transport,
  TurnBatch,
  TurnRequest,
} from "../transport/transport.ts";
import type { LiveTurn } from "./turn/live_turn.ts";
import type { AppServer } from "./server/app_server.ts";
import { ServerTurn } from "./turn/server_turn.ts";

/** Creates the transport of one turn, given the means to answer the turn and to control it. */
export type OpenTransport = <E extends StreamedEvent>(
  live: LiveTurn,
) => Transport<E>;

/** The server that a client runs on, and the means to reach it. */
export interface ServerAccess {
  /** The server. */
  readonly server: AppServer;
  /** Creates the transport of a turn. */
  readonly open: OpenTransport;
}

/**
 * The transport of one turn, which has its own handlers and control. Yields only events
 * unless the turn asks for deltas.
 */
export class AppServerTransport<E extends StreamedEvent = ThreadEvent>
  implements Transport<E> {
  readonly #server: AppServer;
  readonly #live: LiveTurn;
  readonly #wasClosed: boolean;

  /** Creates a transport for a turn. */
  constructor(server: AppServer, live: LiveTurn) {
    this.#server = server;
    this.#live = live;
    this.#wasClosed = server.isClosed;
  }

  /** Runs the turn; see {@linkcode Transport.runTurn}. */
  runTurn(
    request: TurnRequest,
  ): AsyncGenerator<TurnBatch<E>, TurnEnding, void> {
    const turn = new ServerTurn({
      request,
      server: this.#server,
      live: this.#live,
      wasClosed: this.#wasClosed,
    });
    return turn.run() as AsyncGenerator<TurnBatch<E>, TurnEnding, void>;
  }

  /** Removes secrets from a text; see {@linkcode Transport.redact}. */
  redact(text: string): string {
    return this.#server.redact(text);
  }
}
