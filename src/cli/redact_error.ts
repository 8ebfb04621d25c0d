import type { CodexError } from "../errors/codex_error.ts";
import { isError } from "../util/realms.ts";

/** The maximum depth of causes that are cleaned. */
const MAX_CAUSES = 8;

/**
 * Removes secrets from an error that was created for a turn, and from its causes:
 * messages, stacks, and text fields.
 *
 * @returns The same error.
 */
export function redactError<E extends CodexError>(
  error: E,
  redact: (text: string) => string,
): E {
  let current: unknown = error;
  for (let depth = 0; depth < MAX_CAUSES; depth += 1) {
    if (!isError(current)) break;
    for (const name of Object.getOwnPropertyNames(current)) {
      const value: unknown = Reflect.get(current, name);
      if (typeof value === "string") {
        const clean = redact(value);
        if (clean !== value) Reflect.set(current, name, clean);
      } else if (Array.isArray(value)) {
        const clean = value.map((each: unknown) =>
          typeof each === "string" ? redact(each) : each
        );
        Reflect.set(current, name, clean);
      }
    }
    current = current.cause;
  }
  return error;
}
