/**
 * A custom connection to a server: carries the lines that `codex app-server` reads and
 * prints, for example over the pipes of `docker exec` or `ssh`.
 */
export interface LineSource {
  /** The server's output: one JSON message per line, each ending with a line feed, in chunks of any size. */
  readonly readable:
    | ReadableStream<string | Uint8Array>
    | AsyncIterable<string | Uint8Array>;
  /** Sends a line, which includes its line feed. The next line waits until this one is sent. */
  write(line: string): void | Promise<void>;
  /** Ends the connection. The server may keep running. */
  close(): void | Promise<void>;
}

/**
 * Opens a connection; called again after a connection was lost. `signal` is aborted when the
 * connection is no longer needed.
 */
export type Connect = (
  context: { readonly signal: AbortSignal },
) => LineSource | Promise<LineSource>;
