import { type LineProblem, protocolError } from "../errors/protocol_errors.ts";
import {
  type DecodedLines,
  JsonlDecoder,
  type JsonlDecoderOptions,
  type JsonLine,
} from "./jsonl_decoder.ts";

/**
 * Turns the bytes of the CLI's stdout into JSON objects, one a line.
 *
 * Lines end at byte 0x0A only; one carriage return before it is dropped.
 * Blank lines are passed over, lines that are not an object go to `onDiagnostic`.
 *
 * A line that begins as an object and does not parse ends the stream with a
 * {@linkcode CodexProtocolError}, a line over `maxLineBytes` with a
 * {@linkcode CodexLineTooLongError} before it is held whole. The lines before
 * it are delivered first.
 *
 * @example Read a recorded stream
 * ```ts
 * import { JsonlDecoderStream } from "@acodex/sdk/streams";
 *
 * const bytes = new Blob(['{"type":"turn.started"}\n']).stream();
 * for await (const line of bytes.pipeThrough(new JsonlDecoderStream())) {
 *   console.log(line.lineNumber, line.value.type);
 * }
 * ```
 */
export class JsonlDecoderStream
  implements TransformStream<Uint8Array, JsonLine> {
  /** The output: lines. */
  readonly readable: ReadableStream<JsonLine>;
  /** The input: bytes. */
  readonly writable: WritableStream<Uint8Array>;

  /** Makes a decoder stream; throws {@linkcode CodexInputError} for a bad `maxLineBytes`. */
  constructor(options: JsonlDecoderOptions = {}) {
    const decoder = new JsonlDecoder(options);
    const bytes = new TransformStream<Uint8Array, Uint8Array>();
    this.writable = bytes.writable;
    this.readable = new ReadableStream(
      new LineSource(bytes.readable.getReader(), decoder),
      { highWaterMark: 0 },
    );
  }
}

/**
 * Delivers a decoder's lines one by one, on demand. A problem follows when every line
 * before it has been taken: a stream that is errored discards its queue.
 */
class LineSource implements UnderlyingDefaultSource<JsonLine> {
  readonly #bytes: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder: JsonlDecoder;
  #decoded: DecodedLines = { lines: [] };
  #taken = 0;
  #atEnd = false;
  #isCancelled = false;

  constructor(
    bytes: ReadableStreamDefaultReader<Uint8Array>,
    decoder: JsonlDecoder,
  ) {
    this.#bytes = bytes;
    this.#decoder = decoder;
  }

  async pull(
    controller: ReadableStreamDefaultController<JsonLine>,
  ): Promise<void> {
    while (this.#taken === this.#decoded.lines.length) {
      const { problem } = this.#decoded;
      if (problem !== undefined) return await this.#fail(problem);
      if (this.#atEnd) return controller.close();
      const { done, value } = await this.#bytes.read();
      if (this.#isCancelled) return;
      this.#atEnd = done;
      this.#decoded = done ? this.#decoder.end() : this.#decoder.push(value);
      this.#taken = 0;
    }
    const line = this.#decoded.lines[this.#taken];
    this.#taken += 1;
    if (line !== undefined) controller.enqueue(line);
  }

  /** Cancels the bytes at once, also while more of them are waited for. */
  async cancel(reason: unknown): Promise<void> {
    this.#isCancelled = true;
    await this.#bytes.cancel(reason);
  }

  async #fail(problem: LineProblem): Promise<never> {
    const error = protocolError(problem);
    // Where the bytes have failed by now, the problem that came before is still the one.
    await this.#bytes.cancel(error).catch(() => {});
    throw error;
  }
}
