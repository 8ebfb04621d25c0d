import { giveBack } from "./give_back.ts";

/** What is kept for the lines to come: nearly all are shorter. */
const USUAL_BYTES = 64 * 1024;

/**
 * The bytes of a line that has not ended yet, copied, for who hands them over may
 * use their memory again. Grows by doubling, so that time is linear in the line.
 */
export class OpenLine {
  #bytes: Uint8Array = new Uint8Array(USUAL_BYTES);
  #length = 0;

  /** How many bytes there are. */
  get length(): number {
    return this.#length;
  }

  /** Adds bytes. */
  push(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#bytes.length) {
      const smaller = this.#bytes;
      this.#bytes = new Uint8Array(Math.max(length, 2 * smaller.length));
      this.#bytes.set(smaller.subarray(0, this.#length));
      giveBack(smaller.buffer);
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }

  /** Gives the line as text and begins the next one. */
  take(utf8: TextDecoder): string {
    const text = utf8.decode(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    if (this.#bytes.length > USUAL_BYTES) {
      // Before the text is parsed, which takes as much again.
      giveBack(this.#bytes.buffer);
      this.#bytes = new Uint8Array(USUAL_BYTES);
    }
    return text;
  }
}
