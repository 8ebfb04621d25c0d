/** The shortest text that is looked for within others. */
const MIN_PART_LENGTH = 4;

/** The most letters of which one may be wrong. */
const LETTERS_PER_ERROR = 4;

/**
 * Finds the text that was meant by a misspelling: one with other case, `_` or `-`; one
 * that it is a part of, or that is a part of it; or one with few other letters.
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
    // Looked at only where it can be near: a name may be long.
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

/** Counts the letters to be put in, taken out or changed between two texts. */
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
