/** Matches an escape in JSON; the group matches that of a lone surrogate. */
const ESCAPE = /\\(?:(ud[89a-f][0-9a-f]{2})|[^])/g;

/**
 * Writes a value as JSON that every parser accepts: a lone surrogate, which
 * `JSON.stringify` writes as an escape that strict parsers reject, becomes U+FFFD.
 *
 * @returns `undefined` for a value that JSON omits, such as a function.
 */
export function wellFormedJson(value: unknown): string | undefined {
  const text: string | undefined = JSON.stringify(value);
  return text?.replace(
    ESCAPE,
    (escape, half) => half === undefined ? escape : "\ufffd",
  );
}
