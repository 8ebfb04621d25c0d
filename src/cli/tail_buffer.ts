/**
 * Keeps the last bytes of a stream and drops the rest. Memory is bounded by twice the
 * limit, and time is linear in the size of the stream.
 */
export class TailBuffer {
  readonly #limit: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #length = 0;
  /** True if bytes were dropped: the rest may begin inside a character. */
  #isCut = false;

  /** Creates a buffer for a number of bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** True if bytes were dropped. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Adds the next bytes. */
  push(chunk: Uint8Array): void {
    this.#isCut ||= this.#length + chunk.length > this.#limit;
    const fresh = chunk.subarray(Math.max(0, chunk.length - this.#limit));
    if (this.#length + fresh.length > this.#bytes.length) {
      this.#makeRoom(fresh.length);
    }
    this.#bytes.set(fresh, this.#length);
    this.#length += fresh.length;
  }

  /** Decodes the last bytes, without a character that was cut. */
  toString(): string {
    let start = Math.max(0, this.#length - this.#limit);
    const end = this.#isCut ? this.#length : start;
    while (start < end && isContinuation(this.#bytes[start])) start += 1;
    return new TextDecoder().decode(this.#bytes.subarray(start, this.#length));
  }

  /** Moves the bytes to keep to the front of a larger array, or of this one. */
  #makeRoom(room: number): void {
    const kept = this.#bytes.subarray(
      Math.max(0, this.#length - this.#limit),
      this.#length,
    );
    const needed = kept.length + room;
    if (needed <= this.#bytes.length) {
      this.#bytes.copyWithin(0, this.#length - kept.length, this.#length);
    } else {
      const larger = new Uint8Array(Math.min(2 * this.#limit, 2 * needed));
      larger.set(kept);
      this.#bytes = larger;
    }
    this.#length = kept.length;
  }
}

/** Tells whether a byte of UTF-8 continues a character that began before it. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
