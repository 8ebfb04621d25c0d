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

/** Opens the way of one turn to the server; what answers the turn, and reaches it, is given. */
export type OpenTransport = <E extends StreamedEvent>(
  live: LiveTurn,
) => Transport<E>;

/** What a client runs on: a server, and the way of a turn to it. */
export interface ServerWay {
  /** The server. */
  readonly server: AppServer;
  /** Opens the way of a turn. */
  readonly open: OpenTransport;
}

/**
 * The way of one turn to the server: what answers it, and what reaches it, is its own. A
 * turn that is not asked for deltas gives events alone.
 */
export class AppServerTransport<E extends StreamedEvent = ThreadEvent>
  implements Transport<E> {
  readonly #server: AppServer;
  readonly #live: LiveTurn;
  readonly #wasClosed: boolean;

  /** Makes a transport for a turn. */
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

  /** Takes secrets out of a text; see {@linkcode Transport.redact}. */
  redact(text: string): string {
    return this.#server.redact(text);
  }
}
