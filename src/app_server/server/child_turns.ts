import { isObject, type JsonObject } from "../../protocol/json.ts";

/** A turn that an agent of another turn runs on its own thread. */
export interface ChildTurn {
  /** The id of its thread. */
  readonly threadId: string;
  /** The id of the turn. */
  readonly turnId: string;
  /** The id of the user's turn that it comes from. */
  readonly rootTurnId: string;
}

/**
 * The running turns of agents that work for other turns. The server's messages about them
 * name only their own threads, and they outlive the turn that they come from (facts A12).
 */
export class ChildTurns {
  readonly #interrupt: (child: ChildTurn) => void;
  readonly #running = new Map<string, ChildTurn>();
  /** The callbacks for the end of the last child, by the turns that were stopped. */
  readonly #stopped = new Map<string, () => void>();

  /** Creates an empty set for a server. */
  constructor(interrupt: (child: ChildTurn) => void) {
    this.#interrupt = interrupt;
  }

  /** Handles a notification about a thread. */
  notified(method: string, { threadId, turn }: JsonObject): void {
    if (typeof threadId !== "string" || !isObject(turn)) return;
    const { id, rootTurnId } = turn;
    if (method === "turn/completed") this.#ended(threadId);
    if (method !== "turn/started" || id === rootTurnId) return;
    if (typeof id !== "string" || typeof rootTurnId !== "string") return;
    const child = { threadId, turnId: id, rootTurnId };
    this.#running.set(threadId, child);
    // It was requested before its turn was stopped.
    if (this.#stopped.has(rootTurnId)) this.#interrupt(child);
  }

  /** Returns the id of the user's turn that a thread's turn comes from. */
  findRoot(threadId: string): string | undefined {
    return this.#running.get(threadId)?.rootTurnId;
  }

  /** Interrupts the turns that come from a turn, including later ones; resolves once none is running. */
  async stop(rootTurnId: string): Promise<void> {
    const running = this.#of(rootTurnId);
    const ended = new Promise<void>((resolve) =>
      this.#stopped.set(rootTurnId, resolve)
    );
    for (const child of running) this.#interrupt(child);
    if (running.length > 0) await ended;
  }

  #ended(threadId: string): void {
    const child = this.#running.get(threadId);
    this.#running.delete(threadId);
    if (child === undefined || this.#of(child.rootTurnId).length > 0) return;
    this.#stopped.get(child.rootTurnId)?.();
  }

  #of(rootTurnId: string): readonly ChildTurn[] {
    return [...this.#running.values()].filter((child) =>
      child.rootTurnId === rootTurnId
    );
  }
}
