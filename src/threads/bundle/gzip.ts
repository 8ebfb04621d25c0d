/** The size of pieces to unpack, in bytes: unpacked, each is at most about 1000 times as long. */
const PIECE_BYTES = 16 * 1024;

/** Packs bytes with gzip. */
export function pack(
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  return through(source, new CompressionStream("gzip"));
}

/** Unpacks gzip; throws the runtime's own error if the bytes cannot be unpacked. */
export function unpack(
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  return through(inPieces(source), new DecompressionStream("gzip"));
}

/** Splits chunks into pieces: Deno unpacks a chunk as a whole, however long the result (facts R39). */
async function* inPieces(
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      yield chunk.subarray(at, at + PIECE_BYTES);
    }
  }
}

/** Sends bytes through a stream. Throws the source's own error if the source fails. */
async function* through(
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
  { readable, writable }: CompressionStream | DecompressionStream,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  // The reader and the writes report the same error.
  writer.closed.catch(() => {});
  let sourceError: { readonly error: unknown } | undefined;
  const feed = async (): Promise<void> => {
    const iterator = source[Symbol.asyncIterator]();
    let isDone = false;
    try {
      for (;;) {
        const next = await iterator.next().catch((error) => {
          sourceError = { error };
          throw error;
        });
        isDone = next.done === true;
        if (next.done) break;
        await writer.write(next.value);
      }
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(() => {});
      if (!isDone && sourceError === undefined) await iterator.return?.();
    }
  };
  // Not awaited: the source may be waiting for a chunk that never comes.
  feed();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value as Uint8Array<ArrayBuffer>;
    }
  } catch (error) {
    throw sourceError === undefined ? error : sourceError.error;
  } finally {
    await reader.cancel().catch(() => {});
    await writer.abort().catch(() => {});
  }
}
