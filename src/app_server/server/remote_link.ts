import { withDeadline } from "../../util/deadline.ts";
import { SerialQueue } from "../../util/serial_queue.ts";
import type { LineSource } from "../line_source.ts";
import type { LinkEnd, ServerLink } from "./server_link.ts";
import { thrownMessage } from "../../util/thrown_message.ts";

/** A connection to a server elsewhere, by a source of lines. */
export class RemoteLink implements ServerLink {
  readonly local = undefined;
  readonly #source: LineSource;
  readonly #graceMs: number;
  readonly #writes = new SerialQueue();
  readonly #encoder = new TextEncoder();
  #chunks: Uint8Array[] = [];
  #wake: () => void = () => {};
  /** Why it has ended; `undefined` before that. */
  #reason: string | undefined;
  #cancel: () => unknown = () => {};
  #closed: Promise<LinkEnd> | undefined;

  /**
   * Takes a source over, and begins to read it.
   *
   * @param graceMs The time that closing it is given, in ms.
   */
  constructor(source: LineSource, graceMs: number) {
    this.#source = source;
    this.#graceMs = graceMs;
    this.#readAll();
  }

  /** Sends a line, after those before it. */
  write(line: string): Promise<void> {
    return this.#writes.run(async () => {
      try {
        await this.#source.write(line);
      } catch (error) {
        // A source that cannot be written to may never say that it has ended.
        this.#end(thrownMessage(error));
        throw error;
      }
    });
  }

  /** Reads the next bytes; gives nothing at the end. */
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
    // What it says from now on is for nobody.
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
    if (!(bytes instanceof Uint8Array)) {
      throw new TypeError(
        `its stream delivered neither text nor bytes (${typeof chunk})`,
      );
    }
    this.#chunks.push(bytes);
    this.#wake();
  }
}

/** Reads a stream as an iterator, whose end does not wait for a read that goes on. */
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
