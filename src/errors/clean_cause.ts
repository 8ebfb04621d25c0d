/** The fields that the runtimes add to an error of the system; others may hold arguments and variables. */
const FIELDS = ["code", "syscall", "path", "errno"] as const;

/**
 * Makes an error that says what another one says and holds nothing else of it: Node's
 * and Bun's hold all the arguments of a program that could not be started.
 *
 * @param words Changes its message, where that may quote what must not be shown.
 */
export function cleanCause(
  error: unknown,
  words: (message: string) => string = (message) => message,
): Error {
  if (!(error instanceof Error)) return new Error(words(String(error)));
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
