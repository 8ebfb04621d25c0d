import { isObject, type JsonObject } from "../../protocol/json.ts";

/** A turn that an agent of another turn runs, on a thread of its own. */
export interface ChildTurn {
  /** Its thread. */
  readonly threadId: string;
  /** The turn. */
  readonly turnId: string;
  /** The turn of the user's that it comes from. */
  readonly rootTurnId: string;
}

/**
 * The turns that agents run for others, as long as they run: what the server tells of them
 * names their own threads alone, and they outlive the turn that they come from (facts A12).
 */
export class ChildTurns {
  readonly #interrupt: (child: ChildTurn) => void;
  readonly #running = new Map<string, ChildTurn>();
  /** The turns that were stopped, and what is called when the last of their children has ended. */
  readonly #stopped = new Map<string, () => void>();

  /** Makes it for a server. */
  constructor(interrupt: (child: ChildTurn) => void) {
    this.#interrupt = interrupt;
  }

  /** Takes what the server tells of a thread. */
  notified(method: string, { threadId, turn }: JsonObject): void {
    if (typeof threadId !== "string" || !isObject(turn)) return;
    const { id, rootTurnId } = turn;
    if (method === "turn/completed") this.#ended(threadId);
    if (method !== "turn/started" || id === rootTurnId) return;
    if (typeof id !== "string" || typeof rootTurnId !== "string") return;
    const child = { threadId, turnId: id, rootTurnId };
    this.#running.set(threadId, child);
    // It was asked for before its turn was stopped.
    if (this.#stopped.has(rootTurnId)) this.#interrupt(child);
  }

  /** Gives the turn of the user's that the turn of a thread comes from. */
  findRoot(threadId: string): string | undefined {
    return this.#running.get(threadId)?.rootTurnId;
  }

  /** Interrupts those that come from a turn, later ones too; done when none runs. */
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
