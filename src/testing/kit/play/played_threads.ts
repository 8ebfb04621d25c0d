import type { Usage } from "../../../protocol/events.ts";
import type { TurnRequest } from "../../../transport/transport.ts";
import { numberedId } from "../numbered_id.ts";
import { NO_USAGE, usageWith } from "../../../turn/usage.ts";

/** The threads of a fake client, kept in memory. */
export class PlayedThreads {
  readonly #totals = new Map<string, Usage>();
  #opened = 0;
  #last: string | undefined;

  /** Sets the usage of a thread so far. */
  note(id: string, total: Usage): void {
    this.#totals.set(id.toLowerCase(), total);
  }

  /** Returns the id of a turn's thread: the continued one, the last one, or a new or forked one. */
  open({ threadId, origin }: Pick<TurnRequest, "threadId" | "origin">): string {
    const id = threadId ??
      (origin.type === "last" ? this.#last : undefined) ?? this.#newId();
    if (threadId === null && origin.type === "fork") {
      this.note(id, this.#readTotal(origin.threadId));
    }
    this.#last = id;
    return id;
  }

  /** Adds the usage of a turn, and returns the thread's total. */
  add(id: string, share: Usage): Usage {
    const total = usageWith(this.#readTotal(id), share);
    this.note(id, total);
    return total;
  }

  #readTotal(id: string): Usage {
    return this.#totals.get(id.toLowerCase()) ?? NO_USAGE;
  }

  #newId(): string {
    this.#opened += 1;
    return numberedId(this.#opened);
  }
}
