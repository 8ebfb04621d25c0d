import { NEWLINE } from "./lines.ts";

/** Reads lines and bytes from chunks; requests each chunk only when it is needed. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array<ArrayBuffer>>;
  /** The bytes of the last chunk that were not yet returned. */
  #rest = new Uint8Array(0);

  /** Creates a reader of chunks. */
  constructor(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Tells whether all bytes were read. */
  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length === 0) {
      if (!await this.#readOn()) return true;
    }
    return false;
  }

  /** Reads a line without its newline; returns `undefined` if none ends within `maxBytes`. */
  async line(maxBytes: number): Promise<string | undefined> {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    for (;;) {
      const end = this.#rest.indexOf(NEWLINE);
      const piece = end === -1 ? this.#rest : this.#rest.subarray(0, end);
      length += piece.length;
      if (length > maxBytes) return undefined;
      pieces.push(piece);
      if (end !== -1) {
        this.#rest = this.#rest.subarray(end + 1);
        return new TextDecoder().decode(join(pieces, length));
      }
      if (!await this.#readOn()) return undefined;
    }
  }

  /** Reads a number of bytes; returns `undefined` if there are fewer. */
  async bytes(count: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    // The count comes from the bundle, so no memory is reserved for it in advance.
    for (let missing = count;;) {
      const piece = this.#rest.subarray(0, missing);
      pieces.push(piece);
      this.#rest = this.#rest.subarray(piece.length);
      missing -= piece.length;
      if (missing === 0) return join(pieces, count);
      if (!await this.#readOn()) return undefined;
    }
  }

  /** Closes the source without reading the rest. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** Requests the next chunk; returns `false` at the end. */
  async #readOn(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#rest = value;
    return true;
  }
}

function join(
  pieces: readonly Uint8Array<ArrayBuffer>[],
  length: number,
): Uint8Array<ArrayBuffer> {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return first;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
