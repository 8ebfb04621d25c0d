import { isError } from "./realms.ts";

/**
 * Returns the message of what was thrown: any value can be, also one that throws when it
 * is read.
 */
export function thrownMessage(thrown: unknown): string {
  try {
    if (!isError(thrown)) return String(thrown);
    const { message, name }: { message: unknown; name: unknown } = thrown;
    return String(message) || String(name);
  } catch {
    return "a value that cannot be read was thrown";
  }
}
