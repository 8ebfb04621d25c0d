import { CodexInputError } from "../errors/codex_error.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Tells whether a text is a thread's id: a UUID. */
export function isThreadId(id: unknown): id is string {
  return typeof id === "string" && UUID.test(id);
}

/** Tells whether two ids name the same thread. */
export function isSameThread(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/**
 * Reads the creation time of a thread from its id, a version 7 UUID, in milliseconds
 * since 1970; returns `undefined` for another version.
 */
export function threadTime(id: string): number | undefined {
  const digits = id.replaceAll("-", "");
  return digits[12] === "7" ? parseInt(digits.slice(0, 12), 16) : undefined;
}

/**
 * Rejects a thread id that is not a UUID. The CLI would accept it: it reads an id that
 * begins with `-` as a flag, `--last` as anybody's newest thread, and an unknown name as
 * a request for a new thread (facts F9).
 *
 * @throws {CodexInputError} If the id is not a UUID.
 */
export function checkThreadId(
  id: unknown,
  verb = "resume",
): asserts id is string {
  if (isThreadId(id)) return;
  throw new CodexInputError(
    `Cannot ${verb} thread ${
      display(id)
    }: a thread id is a UUID, as in thread.id, and the CLI would read anything else as a flag or open a new thread`,
    { path: "threadId" },
  );
}

/**
 * Formats an id for a message: an object may be nested endlessly, or not convert to text.
 */
function display(id: unknown): string {
  if (typeof id === "string") return JSON.stringify(id.slice(0, 100));
  return typeof id === "object" && id !== null ? "(an object)" : String(id);
}
