import type { Watchdog } from "../../cli/terminate/watchdog.ts";
import type { ProcessFacts } from "../../errors/turn_facts.ts";
import type { LineSink } from "../connection/connection.ts";

/** The way in which a link has ended. */
export type LinkEnd =
  | {
    /** The server's process has ended. */
    readonly type: "exited";
    /** The process. */
    readonly process: ProcessFacts;
    /** True if what came before the end of its stderr was cut off. */
    readonly isStderrCut: boolean;
  }
  | {
    /** The connection has: what the server does is not known. */
    readonly type: "disconnected";
    /** What is known of the cause. */
    readonly reason: string;
  };

/** What is done on this machine for a server that runs on it. */
export interface LocalServer {
  /** The marker in the environment of all that the server starts. */
  readonly marker: string;
  /** Has folders removed if the host ends first; gives what ends that. */
  guard(folders: readonly string[]): Promise<Watchdog | undefined>;
}

/** A way to a server: the pipes of its process, or a connection to one elsewhere. */
export interface ServerLink extends LineSink {
  /** The server, if it runs on this machine as this client's own. */
  readonly local: LocalServer | undefined;
  /** Reads the next bytes of what the server says; gives nothing at the end. */
  read(): Promise<Uint8Array | undefined>;
  /**
   * Ends the link, once, whoever asks first, and with it a process that is its own; gives
   * how it has ended.
   *
   * @param options.isStuck Says that the server does not answer: it is not asked to end.
   */
  close(options?: { readonly isStuck?: boolean }): Promise<LinkEnd>;
}
