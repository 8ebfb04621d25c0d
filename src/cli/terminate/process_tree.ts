/** A living process, as the system's table shows it. */
export interface ProcessEntry {
  /** Its id; the system gives it to another process when this one is gone. */
  readonly pid: number;
  /** The process that started it, or the one that took it over. */
  readonly parentPid: number;
  /** When it started, in the system's own words: with the id it names one process for good. */
  readonly startTime: string;
  /** Whether its environment holds the turn's marker. */
  readonly marked: boolean;
}

/**
 * Everything that came from one process, as far as it was ever seen. Pure: it is
 * shown the system's table again and again.
 *
 * A process belongs to it if one of its members started it, or if it carries the
 * turn's marker: so those are found that left the group or the session, and those
 * whose parents are gone. A member stays one when it is taken over by another
 * parent. It is told from a process that got its id later by its start time.
 */
export class ProcessTree {
  readonly #rootPid: number;
  readonly #isRootThere: boolean;
  readonly #members = new Map<number, string>();

  /**
   * Makes a tree for its root's id.
   *
   * @param isRootThere Whether the root is still there: where it has exited, its id may
   * be another's by now, which is a member only if it is marked.
   */
  constructor(rootPid: number, isRootThere = true) {
    this.#rootPid = rootPid;
    this.#isRootThere = isRootThere;
  }

  /** Takes a look at the table, and gives the living members; a root that is there is not among them. */
  refresh(table: readonly ProcessEntry[]): ProcessEntry[] {
    const living = new Set<number>();
    for (const entry of table) {
      if (entry.marked || this.#isKnown(entry)) this.#add(entry, living);
    }
    // The table is in no order: go on until nobody's child is left out.
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

  /** Whether it was seen before, or is the root at first sight. */
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
