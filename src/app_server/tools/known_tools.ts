import { currentRuntime } from "../../runtime/current.ts";
import type { ServerSession } from "../server/session.ts";
import { type OfferedTools, readOfferedTools } from "./offered_tools.ts";

/** The most threads whose tools are remembered; the tools of others are looked up again. */
const MAX_THREADS = 1000;

/** The number of bytes that are read of a thread's file, whose first line names its tools. */
const MAX_START_BYTES = 1024 * 1024;

/**
 * The tools that threads were opened with, as far as known. The server keeps the tools with
 * the thread, and does not report them.
 */
export class KnownTools {
  readonly #known = new Map<string, OfferedTools | undefined>();

  /** Notes the tools that a thread was opened with; `undefined` if they cannot be known. */
  note(threadId: string, tools: OfferedTools | undefined): void {
    this.#known.delete(threadId);
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MAX_THREADS && oldest !== undefined) {
      this.#known.delete(oldest);
    }
    this.#known.set(threadId, tools);
  }

  /** Notes that a thread is a copy of another one, and has its tools (facts A32). */
  copy(from: string, to: string): void {
    if (this.has(from)) this.note(to, this.get(from));
  }

  /** Returns the tools that were noted for a thread. */
  get(threadId: string): OfferedTools | undefined {
    return this.#known.get(threadId);
  }

  /** Tells whether anything was noted for a thread. */
  has(threadId: string): boolean {
    return this.#known.has(threadId);
  }

  /**
   * Finds the tools that a thread was opened with; returns `undefined` if they cannot be
   * known.
   *
   * @param session The server, which names the file of the thread.
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

/** Reads the tools that a thread was opened with from the server's file, on this machine. */
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
    // A missing thread is reported by the turn; the tools in an unreadable file are unknown.
    return undefined;
  }
}
