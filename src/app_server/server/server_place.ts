import type { KnownSecrets } from "../../cli/known_secrets.ts";
import type { ServerLink } from "./server_link.ts";

/** A way to a server. */
export interface OpenedServer {
  /** What leads to it. */
  readonly link: ServerLink;
  /** The key that it is to log in with; `undefined` for none. */
  readonly apiKey: string | undefined;
}

/** The place where a client's server runs: this machine, where the client starts it, or another. */
export interface ServerPlace {
  /** True if somebody else runs the server: it may be in use by others, and sees other files. */
  readonly isElsewhere: boolean;
  /**
   * Opens a way to the server, which is started if it is the client's own.
   *
   * @param signal Gives up.
   * @throws {CodexError} If there is none.
   */
  open(signal: AbortSignal): Promise<OpenedServer>;
  /** The secrets that are known. */
  readonly secrets: Pick<KnownSecrets, "add" | "forget">;
  /** Takes secrets out of a text; of one whose beginning was cut off without a mark, parts too. */
  redact(text: string, isCut?: boolean): string;
}
