/** The bytes that are unpacked at once: a bomb makes at most a thousand times as many of them. */
const PIECE_BYTES = 16 * 1024;

/** Packs bytes. */
export function pack(
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  return through(source, new CompressionStream("gzip"));
}

/** Unpacks bytes; fails with the runtime's own error where they cannot be unpacked. */
export function unpack(
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  return through(inPieces(source), new DecompressionStream("gzip"));
}

/** Hands chunks out in pieces: Deno unpacks a chunk as a whole, however long that gets (facts R39). */
async function* inPieces(
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      yield chunk.subarray(at, at + PIECE_BYTES);
    }
  }
}

/** Sends bytes through a stream. What the source throws is thrown, and nothing in its place. */
async function* through(
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
  { readable, writable }: CompressionStream | DecompressionStream,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  // Told by the reader, and by what is written.
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
  // Never waited for: the source may wait for a chunk that does not come.
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
