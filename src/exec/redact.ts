/** Shorter values are left alone: they are no keys, and stand in any text by chance. */
const MIN_SECRET_LENGTH = 8;

/** What stands in the place of a secret. */
const REDACTED = "[redacted]";

/** The part of a URL that may hold a name and a password. */
const USER_INFO = /(\/\/)[^\s/?#@"'<>]+@/g;

/** What says that a text was cut here, as {@linkcode shorten} and {@linkcode shortenStart} write it. */
const CUT_END = /… \(\d+ more characters\)$/;
const CUT_START = /^…/;

/**
 * Takes secrets out of texts, for what leaves as an error, a warning or a diagnostic.
 * A text that was cut before may hold a part of one at the cut: that goes too.
 */
export class Redactor {
  readonly #secrets: readonly string[];

  /** Makes one for some secrets, each as it may stand in a text. */
  constructor(secrets: readonly string[]) {
    const forms = secrets.flatMap(formsOf)
      .filter((secret) => secret.length >= MIN_SECRET_LENGTH);
    // The longest first, since a key may begin another.
    this.#secrets = [...new Set(forms)].sort((a, b) => b.length - a.length);
  }

  /**
   * The text without secrets, and without the name and password of any URL.
   *
   * @param isCut Whether the text's beginning was cut off without a mark.
   */
  clean(text: string, isCut = false): string {
    return this.#withoutParts(this.#withoutWholes(text), isCut)
      .replace(USER_INFO, `$1${REDACTED}@`);
  }

  #withoutWholes(text: string): string {
    const places: [start: number, end: number][] = [];
    for (const secret of this.#secrets) {
      for (
        let at = text.indexOf(secret);
        at !== -1;
        at = text.indexOf(secret, at + 1)
      ) places.push([at, at + secret.length]);
    }
    if (places.length === 0) return text;
    // Those that overlap go as one: nothing is left of either.
    places.sort(([one], [other]) => one - other);
    let clean = "";
    let taken = 0;
    for (const [start, end] of places) {
      if (start >= taken) clean += text.slice(taken, start) + REDACTED;
      taken = Math.max(taken, end);
    }
    return clean + text.slice(taken);
  }

  /** Takes away what is left of secrets that were cut. */
  #withoutParts(text: string, isCut: boolean): string {
    let clean = text;
    const end = CUT_END.exec(clean);
    if (end !== null) {
      const before = clean.slice(0, end.index);
      const length = this.#longest((secret, length) =>
        before.endsWith(secret.slice(0, length))
      );
      clean = before.slice(0, before.length - length) + end[0];
    }
    const start = CUT_START.exec(clean)?.[0] ?? (isCut ? "" : undefined);
    if (start !== undefined) {
      const after = clean.slice(start.length);
      const length = this.#longest((secret, length) =>
        after.startsWith(secret.slice(secret.length - length))
      );
      clean = start + after.slice(length);
    }
    return clean;
  }

  /** The most characters of a secret for which something holds. */
  #longest(holds: (secret: string, length: number) => boolean): number {
    let longest = 0;
    for (const secret of this.#secrets) {
      for (let length = secret.length - 1; length > longest; length -= 1) {
        if (holds(secret, length)) longest = length;
      }
    }
    return longest;
  }
}

/** A secret as it is, as JSON and as a URL write it, and the words that it is made of: `Bearer <key>`. */
function formsOf(secret: string): string[] {
  const words = secret.split(/\s+/);
  return [secret, ...words].flatMap((word) => [
    word,
    JSON.stringify(word).slice(1, -1),
    encoded(word, encodeURIComponent),
    encoded(word, encodeURI),
    encoded(word, decodeURIComponent),
  ]);
}

/** A lone surrogate cannot be encoded, nor a lone `%` decoded. */
function encoded(text: string, encode: (text: string) => string): string {
  try {
    return encode(text);
  } catch {
    return text;
  }
}
