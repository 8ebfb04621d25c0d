import type { KnownSecrets } from "../../cli/known_secrets.ts";
import type { ServerLink } from "./server_link.ts";

/** An open link to a server, with the key for it. */
export interface OpenedServer {
  /** The link to the server. */
  readonly link: ServerLink;
  /** The key for the server to log in with; `undefined` for none. */
  readonly apiKey: string | undefined;
}

/** The place where a client's server runs: this machine, where the client starts it, or elsewhere. */
export interface ServerPlace {
  /** True if somebody else runs the server: others may use it, and it sees other files. */
  readonly isElsewhere: boolean;
  /**
   * Opens a link to the server, starting it if it runs on this machine.
   *
   * @param signal Gives up when aborted.
   * @throws {CodexError} If the server cannot be reached or started.
   */
  open(signal: AbortSignal): Promise<OpenedServer>;
  /** The known secrets. */
  readonly secrets: Pick<KnownSecrets, "add" | "forget">;
  /** Removes secrets from a text; with `isCut`, whose beginning was cut off, also parts of secrets. */
  redact(text: string, isCut?: boolean): string;
}
