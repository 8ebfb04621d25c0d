import { currentRuntime } from "../../runtime/current.ts";
import type { ServerSession } from "../server/session.ts";
import { type OfferedTools, readOfferedTools } from "./offered_tools.ts";

/** The most threads whose tools are kept in mind; those of others are looked up again. */
const MAX_THREADS = 1000;

/** The part of a thread's file that is read, in bytes: its first line says what it was opened with. */
const MAX_START_BYTES = 1024 * 1024;

/**
 * The tools that threads were opened with, as far as that is known here: the server does
 * not tell, and keeps them with the thread.
 */
export class KnownTools {
  readonly #known = new Map<string, OfferedTools | undefined>();

  /** Notes what a thread was opened with; `undefined` where that cannot be known. */
  note(threadId: string, tools: OfferedTools | undefined): void {
    this.#known.delete(threadId);
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MAX_THREADS && oldest !== undefined) {
      this.#known.delete(oldest);
    }
    this.#known.set(threadId, tools);
  }

  /** Notes that a thread is a copy of another, and has its tools (facts A32). */
  copy(from: string, to: string): void {
    if (this.has(from)) this.note(to, this.get(from));
  }

  /** Gives what was noted of a thread. */
  get(threadId: string): OfferedTools | undefined {
    return this.#known.get(threadId);
  }

  /** Tells whether anything was noted of a thread. */
  has(threadId: string): boolean {
    return this.#known.has(threadId);
  }

  /**
   * Finds what a thread was opened with; gives `undefined` where that cannot be known.
   *
   * @param session The server, which says where it keeps the thread.
   */
  async find(
    session: ServerSession,
    threadId: string,
  ): Promise<OfferedTools | undefined> {
    const known = this.#known.get(threadId);
    if (known !== undefined) return known;
    return session.local === undefined
      ? undefined
      : await readKept(session, threadId);
  }
}

/** Reads what a thread was opened with where the server keeps it, on this machine. */
async function readKept(
  { connection }: ServerSession,
  threadId: string,
): Promise<OfferedTools | undefined> {
  try {
    const { thread: { path } } = await connection.request("thread/read", {
      threadId,
      includeTurns: false,
    });
    if (!path) return undefined;
    const start = await currentRuntime().readStart(path, MAX_START_BYTES);
    return readOfferedTools(new TextDecoder().decode(start));
  } catch {
    // A thread that is not there, the turn says; a file that may not be read is not known.
    return undefined;
  }
}
