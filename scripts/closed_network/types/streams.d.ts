// What the project uses of @std/streams, for networks where JSR does not answer.
// The signatures are those of the real package: no wider, so that a test which
// type-checks here type-checks there. A name that is missing here is added when
// a test first needs it.

/** Where {@linkcode DelimiterStream} puts the delimiter. */
export type DelimiterDisposition = "suffix" | "prefix" | "discard";

/** Options of {@linkcode DelimiterStream}. */
export interface DelimiterStreamOptions {
  /** Where the delimiter goes. */
  disposition?: DelimiterDisposition;
}

/** Splits a byte stream by a delimiter. */
export class DelimiterStream extends TransformStream<Uint8Array, Uint8Array> {
  constructor(delimiter: Uint8Array, options?: DelimiterStreamOptions);
}

/** Splits a text stream by a delimiter. */
export class TextDelimiterStream extends TransformStream<string, string> {
  constructor(delimiter: string, options?: DelimiterStreamOptions);
}

/** Options of {@linkcode TextLineStream}. */
export interface TextLineStreamOptions {
  /** Splits at a lone carriage return too. */
  allowCR?: boolean;
}

/** Splits a text stream into lines. */
export class TextLineStream extends TransformStream<string, string> {
  constructor(options?: TextLineStreamOptions);
}

/** Emits a part of a byte stream. */
export class ByteSliceStream extends TransformStream<Uint8Array, Uint8Array> {
  constructor(start?: number, end?: number);
}

/** Options of {@linkcode LimitedBytesTransformStream}. */
export interface LimitedBytesTransformStreamOptions {
  /** Fails at the limit instead of ending. */
  error?: boolean;
}

/** Ends a byte stream at a number of bytes. */
export class LimitedBytesTransformStream
  extends TransformStream<Uint8Array, Uint8Array> {
  constructor(size: number, options?: LimitedBytesTransformStreamOptions);
}

/** Joins streams, one after the other. */
export function concatReadableStreams<T>(
  ...streams: ReadableStream<T>[]
): ReadableStream<T>;

/** Takes turns between streams until the first ends. */
export function earlyZipReadableStreams<T>(
  ...streams: ReadableStream<T>[]
): ReadableStream<T>;

/** Merges streams in the order in which their chunks arrive. */
export function mergeReadableStreams<T>(
  ...streams: ReadableStream<T>[]
): ReadableStream<T>;

/** Takes turns between streams until all have ended. */
export function zipReadableStreams<T>(
  ...streams: ReadableStream<T>[]
): ReadableStream<T>;

/** Reads a stream to its end, as one buffer. */
export function toArrayBuffer(
  readableStream: ReadableStream<Uint8Array>,
): Promise<ArrayBuffer>;

/** Reads a stream to its end, as a blob. */
export function toBlob(stream: ReadableStream<Uint8Array>): Promise<Blob>;

/** Reads a stream to its end, as bytes. */
export function toBytes(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array>;

/** Reads a stream to its end, and parses it as JSON. */
export function toJson(
  stream: ReadableStream<string> | ReadableStream<Uint8Array>,
): Promise<unknown>;

/** Reads a stream to its end, as text. */
export function toText(
  stream: ReadableStream<string> | ReadableStream<Uint8Array>,
): Promise<string>;

/** Makes a transform stream of a generator function. */
export function toTransformStream<I, O>(
  transformer: (src: ReadableStream<I>) => Iterable<O> | AsyncIterable<O>,
  writableStrategy?: QueuingStrategy<I>,
  readableStrategy?: QueuingStrategy<O>,
): TransformStream<I, O>;
