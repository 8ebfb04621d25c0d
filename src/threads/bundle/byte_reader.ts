import { NEWLINE } from "./lines.ts";

/** Reads lines and bytes off chunks, and no chunk before it is needed. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array<ArrayBuffer>>;
  /** What was read of the chunks and not yet taken. */
  #rest = new Uint8Array(0);

  /** Makes a reader of chunks. */
  constructor(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Tells whether nothing is left. */
  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length === 0) {
      if (!await this.#readOn()) return true;
    }
    return false;
  }

  /** Takes a line without its newline; gives `undefined` where none ends within `maxBytes`. */
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

  /** Takes a number of bytes; gives `undefined` where there are fewer. */
  async bytes(count: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    // Nothing is reserved for what is not there: the number is the bundle's own.
    for (let missing = count;;) {
      const piece = this.#rest.subarray(0, missing);
      pieces.push(piece);
      this.#rest = this.#rest.subarray(piece.length);
      missing -= piece.length;
      if (missing === 0) return join(pieces, count);
      if (!await this.#readOn()) return undefined;
    }
  }

  /** Leaves what was not read. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** Goes on to the next chunk; tells whether there is one. */
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
