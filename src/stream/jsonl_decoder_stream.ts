import { protocolError } from "../turn_errors.ts";
import {
  JsonlDecoder,
  type JsonlDecoderOptions,
  type JsonLine,
} from "./jsonl_decoder.ts";
import { readableFrom } from "./readable_from.ts";

/**
 * Turns the bytes of the CLI's stdout into JSON objects, one a line.
 *
 * Lines end at byte 0x0A only; one carriage return before it is dropped.
 * Blank lines are passed over, lines that are no object go to `onDiagnostic`.
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
  /** Where the lines come out. */
  readonly readable: ReadableStream<JsonLine>;
  /** Where the bytes go in. */
  readonly writable: WritableStream<Uint8Array>;

  /** Makes a decoder stream; throws {@linkcode CodexInputError} for a bad `maxLineBytes`. */
  constructor(options: JsonlDecoderOptions = {}) {
    const decoder = new JsonlDecoder(options);
    const bytes = new TransformStream<Uint8Array, Uint8Array>();
    this.writable = bytes.writable;
    this.readable = readableFrom(decodeLines(bytes.readable, decoder));
  }
}

async function* decodeLines(
  bytes: ReadableStream<Uint8Array>,
  decoder: JsonlDecoder,
): AsyncGenerator<JsonLine, void, void> {
  for await (const chunk of bytes) {
    const { lines, problem } = decoder.push(chunk);
    yield* lines;
    if (problem !== undefined) throw protocolError(problem);
  }
  const { lines, problem } = decoder.end();
  yield* lines;
  if (problem !== undefined) throw protocolError(problem);
}
