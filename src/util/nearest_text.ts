/** The shortest text that counts as a part of another one. */
const MIN_PART_LENGTH = 4;

/** The number of letters for which one may be wrong. */
const LETTERS_PER_ERROR = 4;

/**
 * Finds the text that a misspelling most likely means: a text that differs in case, `_` or
 * `-`; a text that contains the misspelling, or is contained in it; or a text that differs
 * in few letters. Returns `undefined` if there is none.
 */
export function nearestText(
  misspelling: string,
  texts: readonly string[],
): string | undefined {
  const bare = toLetters(misspelling);
  const same = texts.find((text) => toLetters(text) === bare);
  if (same !== undefined) return same;
  const related = texts
    .filter((text) => isPart(bare, toLetters(text)))
    .sort((a, b) => a.length - b.length)[0];
  if (related !== undefined) return related;
  return texts.find((text) => {
    const letters = toLetters(text);
    const most = Math.floor(letters.length / LETTERS_PER_ERROR);
    // The lengths are compared first, since a name may be long.
    return Math.abs(letters.length - bare.length) <= most &&
      countEdits(bare, letters) <= most;
  });
}

function toLetters(text: string): string {
  return text.replaceAll(/[_-]/g, "").toLowerCase();
}

/** Tells whether one of two texts is a part of the other. */
function isPart(a: string, b: string): boolean {
  const [short = "", long = ""] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= MIN_PART_LENGTH && long.includes(short);
}

/** Counts the letters to insert, remove or change between two texts (Levenshtein distance). */
function countEdits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column++) {
      const changed = (row[column - 1] ?? 0) +
        (letter === b[column - 1] ? 0 : 1);
      next.push(
        Math.min((row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, changed),
      );
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
