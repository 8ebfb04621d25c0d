/**
 * A connection of the caller's own to a server: what `codex app-server` reads and prints,
 * by whatever way, such as the pipes of `docker exec` or `ssh`.
 */
export interface LineSource {
  /** What the server says: JSON, one message a line, each with a line feed at its end; in pieces of any size. */
  readonly readable:
    | ReadableStream<string | Uint8Array>
    | AsyncIterable<string | Uint8Array>;
  /** Sends a line, with its line feed; the next one waits for it. */
  write(line: string): void | Promise<void>;
  /** Ends the connection. The server may live on. */
  close(): void | Promise<void>;
}

/** Makes a connection, and another one after it was lost. `signal` is aborted when it comes too late. */
export type Connect = (
  context: { readonly signal: AbortSignal },
) => LineSource | Promise<LineSource>;
