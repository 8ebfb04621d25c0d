/** The length of what is held back of a line that does not end, in characters. */
const MAX_HELD_LENGTH = 64 * 1024;

/** A mark for the redactor that the text was cut here. */
const CUT = "… (1 more characters)";

/**
 * Turns bytes into text without secrets, whole lines at a time: a secret may have come in
 * two pieces. A line that is longer than 64 KiB comes in pieces, and what may be a part of
 * a secret at a cut is taken out.
 */
export class WholeLines {
  readonly #decoder = new TextDecoder();
  readonly #redact: (text: string, isCut: boolean) => string;
  #held: string[] = [];
  #heldLength = 0;
  /** True in the middle of a line whose beginning has gone. */
  #isCut = false;

  /**
   * Makes it.
   *
   * @param redact Takes secrets out of a text; of one whose beginning was cut off, parts too.
   */
  constructor(redact: (text: string, isCut: boolean) => string) {
    this.#redact = redact;
  }

  /** Takes bytes; gives the lines that are whole by now, with their ends, or nothing. */
  push(bytes: Uint8Array): string {
    return this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Gives what is left. */
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

  /** Gives what was held back and a text after it, which may end in the middle of a line. */
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
