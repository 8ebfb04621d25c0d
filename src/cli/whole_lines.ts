/** The maximum length of an incomplete line that is held back, in characters. */
const MAX_HELD_LENGTH = 64 * 1024;

/** Marks the end of a text for the redactor as cut. */
const CUT = "… (1 more characters)";

/**
 * Converts bytes to text with secrets removed, whole lines at a time, since a secret may
 * arrive in two pieces. A line that is longer than 64 KiB is returned in pieces, and
 * possible parts of a secret at a cut are removed.
 */
export class WholeLines {
  readonly #decoder = new TextDecoder();
  readonly #redact: (text: string, isCut: boolean) => string;
  #held: string[] = [];
  #heldLength = 0;
  /** True in the middle of a line whose beginning has already been returned. */
  #isCut = false;

  /**
   * Creates a converter without text.
   *
   * @param redact Removes secrets from a text, and also parts of secrets if its beginning
   * was cut off.
   */
  constructor(redact: (text: string, isCut: boolean) => string) {
    this.#redact = redact;
  }

  /**
   * Adds bytes; returns the lines that are complete now, with their line ends, or an
   * empty string.
   */
  push(bytes: Uint8Array): string {
    return this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Returns the remaining text. */
  end(): string {
    const lines = this.#take(this.#decoder.decode());
    return lines + this.#release("", false);
  }

  #take(text: string): string {
    const end = text.lastIndexOf("\n") + 1;
    const lines = end === 0 ? "" : this.#release(text.slice(0, end), false);
    const rest = text.slice(end);
    if (rest !== "") this.#held.push(rest);
    this.#heldLength += rest.length;
    return this.#heldLength < MAX_HELD_LENGTH
      ? lines
      : lines + this.#release("", true);
  }

  /**
   * Returns the text that was held back and a text after it, which may end in the middle
   * of a line.
   */
  #release(after: string, endsInLine: boolean): string {
    const text = this.#held.join("") + after;
    if (text === "") return "";
    const isCut = this.#isCut;
    this.#held = [];
    this.#heldLength = 0;
    this.#isCut = endsInLine;
    if (!endsInLine) return this.#redact(text, isCut);
    return this.#redact(text + CUT, isCut).slice(0, -CUT.length);
  }
}
