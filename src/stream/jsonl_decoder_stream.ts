import { type CodexError, CodexInputError } from "../errors/codex_error.ts";
import { isBytes } from "../util/realms.ts";
import { protocolError } from "../errors/protocol_errors.ts";
import {
  type DecodedLines,
  JsonlDecoder,
  type JsonlDecoderOptions,
  type JsonLine,
} from "./jsonl_decoder.ts";

/**
 * Decodes the bytes of the CLI's stdout to JSON objects, one per line.
 *
 * Lines end only at byte 0x0A, optionally after a carriage return. Blank lines are
 * skipped; lines that are not an object are reported to `onDiagnostic`.
 *
 * A line that begins as an object but does not parse fails the stream with a
 * {@linkcode CodexProtocolError}. A line longer than `maxLineBytes` fails it with a
 * {@linkcode CodexLineTooLongError}, before the whole line is in memory. The lines
 * before it are delivered first. A chunk that is not bytes fails it with a {@linkcode
 * CodexInputError}.
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

  /** Creates a decoder stream; throws a {@linkcode CodexInputError} for an invalid `maxLineBytes`. */
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
 * Delivers a decoder's lines one by one, on demand. Reports a problem only after all lines
 * before it were read, since a stream that fails discards its queue.
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
      if (problem !== undefined) {
        return await this.#fail(protocolError(problem));
      }
      if (this.#atEnd) return controller.close();
      const { done, value } = await this.#bytes.read();
      if (this.#isCancelled) return;
      if (!done && !isBytes(value)) return await this.#fail(notBytes(value));
      this.#atEnd = done;
      this.#decoded = done ? this.#decoder.end() : this.#decoder.push(value);
      this.#taken = 0;
    }
    const line = this.#decoded.lines[this.#taken];
    this.#taken += 1;
    if (line !== undefined) controller.enqueue(line);
  }

  /** Cancels the bytes at once, also while a read of them is pending. */
  async cancel(reason: unknown): Promise<void> {
    this.#isCancelled = true;
    await this.#bytes.cancel(reason);
  }

  async #fail(error: CodexError): Promise<never> {
    // If the bytes have failed as well, the earlier problem is still the one to report.
    await this.#bytes.cancel(error).catch(() => {});
    throw error;
  }
}

/** Creates the error for a chunk that is not bytes, such as the text of a `TextDecoderStream`. */
function notBytes(value: unknown): CodexInputError {
  return new CodexInputError(
    `JsonlDecoderStream needs bytes (Uint8Array), and got a value of type ${typeof value}; leave out a TextDecoderStream before it`,
    { path: "chunk" },
  );
}
