import { isError } from "../util/realms.ts";
import { thrownMessage } from "../util/thrown_message.ts";

/**
 * The fields that runtimes add to a system error; other fields may contain arguments and
 * environment variables.
 */
const FIELDS = ["code", "syscall", "path", "errno"] as const;

/**
 * Returns an error with only the name, message and system fields of another one. The
 * errors of Node and Bun also contain all arguments of a program that could not be
 * started.
 *
 * @param words Changes the message, if it may quote something that must not be shown.
 */
export function cleanCause(
  error: unknown,
  words: (message: string) => string = (message) => message,
): Error {
  if (!isError(error)) return new Error(words(thrownMessage(error)));
  const clean = new Error(words(error.message));
  Object.defineProperty(clean, "name", {
    value: error.name,
    configurable: true,
    writable: true,
  });
  for (const field of FIELDS) {
    const value: unknown = Reflect.get(error, field);
    if (typeof value === "string" || typeof value === "number") {
      Object.assign(clean, { [field]: value });
    }
  }
  return clean;
}
