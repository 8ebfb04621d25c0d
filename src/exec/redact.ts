/** Shorter values are left alone: they are no keys, and stand in any text by chance. */
const SHORTEST_SECRET = 8;

/** The text without secrets, for what ends up in errors. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .reduce((clean, secret) => clean.replaceAll(secret, "[redacted]"), text);
}
