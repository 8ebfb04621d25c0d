import { WordAutomaton } from "./word_automaton.ts";

/**
 * The minimum length of a secret: shorter values are not keys, and occur in any text by
 * chance.
 */
const MIN_SECRET_LENGTH = 8;

/** The replacement of a secret. */
const REDACTED = "[redacted]";

/** Matches the part of a URL that may contain a name and a password. */
const USER_INFO = /(\/\/)[^\s/?#@"'<>]+@/g;

/**
 * The marks of a cut text, as written by {@linkcode shorten} and {@linkcode
 * shortenStart}.
 */
const CUT_END = /… \(\d+ more characters\)$/;
const CUT_START = /^…/;

/**
 * Removes secrets from texts of errors, warnings and diagnostics. A text that was cut may
 * contain part of a secret at the cut, which is removed, too.
 */
export class Redactor {
  readonly #secrets: readonly string[];

  /** Creates a redactor for secrets, in each form that a text may contain. */
  constructor(secrets: readonly string[]) {
    const forms = secrets.flatMap(listForms)
      .filter((secret) => secret.length >= MIN_SECRET_LENGTH);
    // The longest first, since one key may be the beginning of another.
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
    const present = this.#secrets.filter((secret) => text.includes(secret));
    if (present.length === 0) return text;
    let clean = "";
    let taken = 0;
    for (const [start, end] of findRanges(present, text)) {
      clean += text.slice(taken, start) + REDACTED;
      taken = end;
    }
    return clean + text.slice(taken);
  }

  /** Removes the parts of secrets at cuts. */
  #withoutParts(text: string, isCut: boolean): string {
    let clean = text;
    const end = CUT_END.exec(clean);
    if (end !== null) {
      const before = clean.slice(0, end.index);
      const length = overlap(before, this.#secrets);
      clean = before.slice(0, before.length - length) + end[0];
    }
    const start = CUT_START.exec(clean)?.[0] ?? (isCut ? "" : undefined);
    if (start !== undefined) {
      const after = clean.slice(start.length);
      const backwards = reversed(after.slice(0, this.#secrets[0]?.length ?? 0));
      const length = overlap(backwards, this.#secrets.map(reversed));
      clean = start + after.slice(length);
    }
    return clean;
  }
}

/**
 * Finds the ranges of a text that contain secrets, in order; merges ranges that overlap
 * or touch.
 */
function findRanges(
  secrets: readonly string[],
  text: string,
): [start: number, end: number][] {
  const automaton = new WordAutomaton(secrets);
  const ranges: [start: number, end: number][] = [];
  let state = 0;
  for (let at = 0; at < text.length; at += 1) {
    state = automaton.next(state, text.charCodeAt(at));
    const length = automaton.ending(state);
    if (length === 0) continue;
    let start = at + 1 - length;
    for (let last = ranges.at(-1); last && start <= last[1];) {
      start = Math.min(start, last[0]);
      ranges.pop();
      last = ranges.at(-1);
    }
    ranges.push([start, at + 1]);
  }
  return ranges;
}

/**
 * Measures the part of a text's end that begins a secret; `secrets` must start with the
 * longest.
 */
function overlap(text: string, secrets: readonly string[]): number {
  const automaton = new WordAutomaton(secrets);
  const longest = secrets[0]?.length ?? 0;
  let state = 0;
  for (let at = Math.max(0, text.length - longest); at < text.length; at += 1) {
    state = automaton.next(state, text.charCodeAt(at));
  }
  return automaton.depth(state);
}

function reversed(text: string): string {
  return text.split("").reverse().join("");
}

/**
 * Lists a secret and its parts (`Bearer <key>`), unchanged and as written in JSON and
 * URLs.
 */
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

/**
 * Encodes or decodes a text; returns it unchanged for a lone surrogate, or for a lone
 * `%`.
 */
function encoded(text: string, encode: (text: string) => string): string {
  try {
    return encode(text);
  } catch {
    return text;
  }
}
