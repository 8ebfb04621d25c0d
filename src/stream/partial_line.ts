import { detachBuffer } from "../util/detach_buffer.ts";

/** The buffer's initial size, in bytes: nearly all lines are shorter. */
const INITIAL_BYTES = 64 * 1024;

/** The most that the buffer grows at a time, in bytes: unused memory is free, but the system may refuse it. */
const MAX_GROWTH_BYTES = 192 * 1024 * 1024;

/**
 * The bytes of a line that has not ended yet, copied, since the caller may reuse its memory.
 * Grows in few steps, each of which copies the bytes so far.
 */
export class PartialLine {
  #bytes: Uint8Array = new Uint8Array(INITIAL_BYTES);
  #length = 0;

  /** The number of bytes. */
  get length(): number {
    return this.#length;
  }

  /** Adds bytes. */
  push(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#bytes.length) {
      // In growing steps, for time that is linear in the line's length (facts R7).
      const smaller = this.#bytes;
      const more = Math.min(3 * smaller.length, MAX_GROWTH_BYTES);
      this.#bytes = new Uint8Array(Math.max(length, smaller.length + more));
      this.#bytes.set(smaller.subarray(0, this.#length));
      detachBuffer(smaller.buffer);
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }

  /** Returns the line as text and begins the next one. */
  take(utf8: TextDecoder): string {
    const text = utf8.decode(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    if (this.#bytes.length > INITIAL_BYTES) {
      // Freed before the text is parsed, which needs as much memory again.
      detachBuffer(this.#bytes.buffer);
      this.#bytes = new Uint8Array(INITIAL_BYTES);
    }
    return text;
  }
}
