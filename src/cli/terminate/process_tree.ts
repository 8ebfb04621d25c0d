/** A living process in the system's table. */
export interface ProcessEntry {
  /** Its id; the system may reuse it for another process after this one is gone. */
  readonly pid: number;
  /** The process that started it, or the one that adopted it. */
  readonly parentPid: number;
  /**
   * The start time as the system writes it; together with the id it uniquely identifies a
   * process.
   */
  readonly startTime: string;
  /** True if its environment contains the turn's marker. */
  readonly marked: boolean;
}

/**
 * The descendants of one process that were ever seen. Pure: it repeatedly receives the
 * system's table.
 *
 * A process belongs to it if one of its members started it, or if it has the turn's
 * marker. This finds processes that left the group or the session, and processes whose
 * parents are gone. A member remains one when another parent adopts it. Its start time
 * distinguishes it from a process that got its id later.
 */
export class ProcessTree {
  readonly #rootPid: number;
  readonly #isRootThere: boolean;
  readonly #members = new Map<number, string>();

  /**
   * Creates a tree for its root's id.
   *
   * @param isRootThere True if the root is still running. If it has exited, its id may
   * belong to another process, which is a member only if it is marked.
   */
  constructor(rootPid: number, isRootThere = true) {
    this.#rootPid = rootPid;
    this.#isRootThere = isRootThere;
  }

  /**
   * Reads the current table, and returns the living members, without a root that is still
   * running.
   */
  refresh(table: readonly ProcessEntry[]): ProcessEntry[] {
    const living = new Set<number>();
    for (const entry of table) {
      if (entry.marked || this.#isKnown(entry)) this.#add(entry, living);
    }
    // The table is unordered: repeat until no member's child is left out.
    let size: number;
    do {
      size = living.size;
      for (const entry of table) {
        if (living.has(entry.parentPid)) this.#add(entry, living);
      }
    } while (living.size > size);
    return table.filter(({ pid }) =>
      living.has(pid) && !(this.#isRootThere && pid === this.#rootPid)
    );
  }

  /** Tells whether a process was seen before, or is the root when it is first seen. */
  #isKnown({ pid, startTime }: ProcessEntry): boolean {
    const known = this.#members.get(pid);
    return known === undefined
      ? this.#isRootThere && pid === this.#rootPid && this.#members.size === 0
      : known === startTime;
  }

  #add({ pid, startTime }: ProcessEntry, living: Set<number>): void {
    this.#members.set(pid, startTime);
    living.add(pid);
  }
}
