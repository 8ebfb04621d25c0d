/** A living process, as the system's table shows it. */
export interface ProcessEntry {
  /** Its id; the system gives it to another process when this one is gone. */
  readonly pid: number;
  /** The process that started it, or the one that took it over. */
  readonly parentPid: number;
  /** The start time as the system writes it: with the id it identifies one process for good. */
  readonly startTime: string;
  /** True if its environment holds the turn's marker. */
  readonly marked: boolean;
}

/**
 * The descendants of one process, as far as they were ever seen. Pure: it is given the
 * system's table again and again.
 *
 * A process belongs to it if one of its members started it, or if it carries the
 * turn's marker: so those are found that left the group or the session, and those
 * whose parents are gone. A member stays one when it is taken over by another
 * parent. Its start time distinguishes it from a process that got its id later.
 */
export class ProcessTree {
  readonly #rootPid: number;
  readonly #isRootThere: boolean;
  readonly #members = new Map<number, string>();

  /**
   * Makes a tree for its root's id.
   *
   * @param isRootThere True if the root is still there: if it has exited, its id may
   * be another's by now, which is a member only if it is marked.
   */
  constructor(rootPid: number, isRootThere = true) {
    this.#rootPid = rootPid;
    this.#isRootThere = isRootThere;
  }

  /** Takes the current table, and gives the living members, without a root that is still there. */
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
