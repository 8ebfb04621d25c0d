/** The shortest secret: shorter values are not keys, and appear in any text by chance. */
const MIN_SECRET_LENGTH = 8;

/** The replacement of a secret. */
const REDACTED = "[redacted]";

/** The part of a URL that may hold a name and a password. */
const USER_INFO = /(\/\/)[^\s/?#@"'<>]+@/g;

/** The marks of a cut text, as {@linkcode shorten} and {@linkcode shortenStart} write them. */
const CUT_END = /… \(\d+ more characters\)$/;
const CUT_START = /^…/;

/**
 * Removes secrets from texts that leave as an error, a warning or a diagnostic. A text
 * that was cut may hold a part of a secret at the cut: that is removed too.
 */
export class Redactor {
  readonly #secrets: readonly string[];

  /** Makes a redactor for some secrets, in each form that a text may hold. */
  constructor(secrets: readonly string[]) {
    const forms = secrets.flatMap(listForms)
      .filter((secret) => secret.length >= MIN_SECRET_LENGTH);
    // The longest first, since a key may begin another.
    this.#secrets = [...new Set(forms)].sort((a, b) => b.length - a.length);
  }

  /**
   * Removes secrets from a text, and the name and password of any URL.
   *
   * @param isCut True if the text's beginning was cut off without a mark.
   */
  clean(text: string, isCut = false): string {
    return this.#withoutParts(this.#withoutWholes(text), isCut)
      .replace(USER_INFO, `$1${REDACTED}@`);
  }

  #withoutWholes(text: string): string {
    const ranges = this.#secrets
      .filter((secret) => text.includes(secret))
      .flatMap((secret) => findRanges(secret, text));
    if (ranges.length === 0) return text;
    // Those that overlap go as one: nothing is left of either.
    ranges.sort(([one], [other]) => one - other);
    let clean = "";
    let taken = 0;
    for (const [start, end] of ranges) {
      if (start >= taken) clean += text.slice(taken, start) + REDACTED;
      taken = Math.max(taken, end);
    }
    return clean + text.slice(taken);
  }

  /** Removes what is left of secrets that were cut. */
  #withoutParts(text: string, isCut: boolean): string {
    let clean = text;
    const end = CUT_END.exec(clean);
    if (end !== null) {
      const before = clean.slice(0, end.index);
      const length = this.#longest((secret) => overlap(before, secret));
      clean = before.slice(0, before.length - length) + end[0];
    }
    const start = CUT_START.exec(clean)?.[0] ?? (isCut ? "" : undefined);
    if (start !== undefined) {
      const after = clean.slice(start.length);
      const backwards = reversed(after.slice(0, this.#secrets[0]?.length ?? 0));
      const length = this.#longest((secret) =>
        overlap(backwards, reversed(secret))
      );
      clean = start + after.slice(length);
    }
    return clean;
  }

  /** Gives the largest result of a function over all secrets. */
  #longest(of: (secret: string) => number): number {
    return this.#secrets.reduce(
      (most, secret) => Math.max(most, of(secret)),
      0,
    );
  }
}

// A secret may repeat itself, so that comparing it at each place would take a time that
// grows with its square: Knuth, Morris and Pratt's table says how far to go back.

/** Computes for each prefix of a text how much of its end is a prefix too. */
function findBorders(text: string): Uint32Array {
  const borders = new Uint32Array(text.length);
  for (let at = 1, length = 0; at < text.length; at += 1) {
    while (length > 0 && text[at] !== text[length]) {
      length = borders[length - 1] ?? 0;
    }
    if (text[at] === text[length]) length += 1;
    borders[at] = length;
  }
  return borders;
}

/** Finds the ranges of a text that hold a secret; ranges that overlap are merged. */
function findRanges(
  secret: string,
  text: string,
): [start: number, end: number][] {
  const borders = findBorders(secret);
  const ranges: [start: number, end: number][] = [];
  for (let at = 0, length = 0; at < text.length; at += 1) {
    while (length > 0 && text[at] !== secret[length]) {
      length = borders[length - 1] ?? 0;
    }
    if (text[at] === secret[length]) length += 1;
    if (length < secret.length) continue;
    const [start, end] = [at + 1 - length, at + 1];
    const last = ranges.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = end;
    else ranges.push([start, end]);
    length = borders[length - 1] ?? 0;
  }
  return ranges;
}

/** Measures how much of a text's end is the beginning of a secret, but not all of it. */
function overlap(text: string, secret: string): number {
  const borders = findBorders(secret);
  let length = 0;
  for (const character of text.slice(1 - secret.length).split("")) {
    while (length > 0 && character !== secret[length]) {
      length = borders[length - 1] ?? 0;
    }
    if (character === secret[length]) length += 1;
  }
  return length;
}

function reversed(text: string): string {
  return text.split("").reverse().join("");
}

/** Lists a secret and its parts (`Bearer <key>`), as they are and as JSON and URLs write them. */
function listForms(secret: string): string[] {
  const parts = secret.split(/\s+/);
  return [secret, ...parts].flatMap((part) => [
    part,
    JSON.stringify(part).slice(1, -1),
    encoded(part, encodeURIComponent),
    encoded(part, encodeURI),
    encoded(part, decodeURIComponent),
  ]);
}

/** Encodes a text; gives it as it is for a lone surrogate, or a lone `%` to decode. */
function encoded(text: string, encode: (text: string) => string): string {
  try {
    return encode(text);
  } catch {
    return text;
  }
}
