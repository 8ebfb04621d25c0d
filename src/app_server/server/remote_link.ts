import { withDeadline } from "../../util/deadline.ts";
import { isBytes } from "../../util/realms.ts";
import { SerialQueue } from "../../util/serial_queue.ts";
import type { LineSource } from "../line_source.ts";
import type { LinkEnd, ServerLink } from "./server_link.ts";
import { thrownMessage } from "../../util/thrown_message.ts";

/** A connection to a server elsewhere, over a source of lines. */
export class RemoteLink implements ServerLink {
  readonly local = undefined;
  readonly #source: LineSource;
  readonly #graceMs: number;
  readonly #writes = new SerialQueue();
  readonly #encoder = new TextEncoder();
  #chunks: Uint8Array[] = [];
  #wake: () => void = () => {};
  /** The reason why it ended; `undefined` before that. */
  #reason: string | undefined;
  #cancel: () => unknown = () => {};
  #closed: Promise<LinkEnd> | undefined;

  /**
   * Takes over a source, and starts reading it.
   *
   * @param graceMs Milliseconds that closing the source may take.
   */
  constructor(source: LineSource, graceMs: number) {
    this.#source = source;
    this.#graceMs = graceMs;
    this.#readAll();
  }

  /** Sends a line after the earlier ones. */
  write(line: string): Promise<void> {
    return this.#writes.run(async () => {
      try {
        await this.#source.write(line);
      } catch (error) {
        // A source that cannot be written to may never report its end.
        this.#end(thrownMessage(error));
        throw error;
      }
    });
  }

  /** Reads the next bytes; returns `undefined` at the end. */
  async read(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0 && this.#reason === undefined) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const [first, ...others] = this.#chunks;
    this.#chunks = others;
    return first;
  }

  /** Ends the connection; see {@linkcode ServerLink.close}. */
  close({ isStuck = false } = {}): Promise<LinkEnd> {
    this.#closed ??= this.#close(
      isStuck ? "the server does not answer" : "the client closed it",
    );
    return this.#closed;
  }

  async #close(reason: string): Promise<LinkEnd> {
    this.#end(reason);
    // Nobody reads what arrives from now on.
    this.#chunks = [];
    const closing = Promise.allSettled([
      Promise.resolve().then(() => this.#source.close()),
      Promise.resolve().then(() => this.#cancel()),
    ]);
    await withDeadline(closing, this.#graceMs);
    return { type: "disconnected", reason: this.#reason as string };
  }

  #end(reason: string): void {
    this.#reason ??= reason;
    this.#wake();
  }

  async #readAll(): Promise<void> {
    try {
      const { readable } = this.#source;
      const chunks = "getReader" in readable
        ? readStream(readable.getReader())
        : readable[Symbol.asyncIterator]();
      this.#cancel = () => chunks.return?.();
      for (;;) {
        const { done, value } = await chunks.next();
        if (done || this.#reason !== undefined) break;
        this.#push(value);
      }
      this.#end("the server or a proxy closed it");
    } catch (error) {
      this.#end(thrownMessage(error));
    }
  }

  #push(chunk: unknown): void {
    const bytes = typeof chunk === "string"
      ? this.#encoder.encode(chunk)
      : chunk;
    if (!isBytes(bytes)) {
      throw new TypeError(
        `its stream delivered neither text nor bytes (${typeof chunk})`,
      );
    }
    this.#chunks.push(bytes);
    this.#wake();
  }
}

/** Wraps a stream in an iterator whose `return()` does not wait for a pending read. */
function readStream<T>(
  reader: ReadableStreamDefaultReader<T>,
): AsyncIterator<T, undefined> {
  return {
    next: async () => await reader.read() as IteratorResult<T, undefined>,
    async return() {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}
