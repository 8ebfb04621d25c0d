/** An escape in JSON; the group is that of half a character. */
const ESCAPE = /\\(?:(ud[89a-f][0-9a-f]{2})|[^])/g;

/**
 * Writes a value as JSON that every reader takes: half of a character, which
 * `JSON.stringify` writes as an escape that strict readers reject, becomes U+FFFD.
 *
 * @returns `undefined` for what JSON leaves out, such as a function.
 */
export function wellFormedJson(value: unknown): string | undefined {
  const text: string | undefined = JSON.stringify(value);
  return text?.replace(
    ESCAPE,
    (escape, half) => half === undefined ? escape : "\ufffd",
  );
}
