import type { Watchdog } from "../../cli/terminate/watchdog.ts";
import type { ProcessFacts } from "../../errors/turn_facts.ts";
import type { LineSink } from "../connection/connection.ts";

/** The way in which a link ended. */
export type LinkEnd =
  | {
    /** The server's process exited. */
    readonly type: "exited";
    /** The process. */
    readonly process: ProcessFacts;
    /** True if only the last part of its stderr was kept. */
    readonly isStderrCut: boolean;
  }
  | {
    /** The connection ended; the state of the server is unknown. */
    readonly type: "disconnected";
    /** The cause, as far as it is known. */
    readonly reason: string;
  };

/** The parts of a server that only exist if it runs on this machine. */
export interface LocalServer {
  /** The marker in the environment of everything that the server starts. */
  readonly marker: string;
  /** Has folders removed if the host ends first; returns the watchdog that does so, to be dismissed. */
  guard(folders: readonly string[]): Promise<Watchdog | undefined>;
}

/** A link to a server: the pipes of its process, or a connection to one elsewhere. */
export interface ServerLink extends LineSink {
  /** The server's local parts, if it is a process of this client; `undefined` otherwise. */
  readonly local: LocalServer | undefined;
  /** Reads the next bytes of the server's output; returns `undefined` at the end. */
  read(): Promise<Uint8Array | undefined>;
  /**
   * Ends the link, and the process that belongs to it; returns how it ended. Repeated calls
   * return the same result.
   *
   * @param options.isStuck True if the server does not answer; it is then ended without
   * being asked first.
   */
  close(options?: { readonly isStuck?: boolean }): Promise<LinkEnd>;
}
