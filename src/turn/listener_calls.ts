import type { Listeners } from "../options/listeners.ts";
import { withDeadline } from "../util/deadline.ts";
import { shorten } from "../util/text.ts";

/** The longest time that promises of listeners are waited for when a turn ends, in ms. */
const SETTLE_MS = 100;

/** The length of what a listener has thrown, in a warning. */
const MAX_THROWN_LENGTH = 300;

/** What a listener has thrown. */
interface Thrown {
  readonly first: string;
  readonly times: number;
}

/**
 * Calls listeners in order and beside what goes on: a call waits until all that is ready
 * to run has run. What they throw is kept, and nothing of it leaves but as words.
 */
export class ListenerCalls {
  readonly #redact: (text: string) => string;
  readonly #thrown = new Map<keyof Listeners, Thrown>();
  #waiting: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The promises of listeners that have not been settled; those that took too long are left out. */
  #pending = new Set<Promise<void>>();

  /**
   * Makes it; no listener is called yet.
   *
   * @param redact Takes secrets out of what a listener has thrown.
   */
  constructor(redact: (text: string) => string) {
    this.#redact = redact;
  }

  /** Calls a listener soon. */
  add(name: keyof Listeners, listener: () => unknown): void {
    this.#waiting.push(() => this.#call(name, listener));
    this.#timer ??= setTimeout(() => this.flush(), 0);
  }

  /** Makes the calls that wait. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // What a listener begins may add more, which waits its turn.
    const calls = this.#waiting;
    this.#waiting = [];
    for (const call of calls) call();
  }

  /** Makes the calls that wait, and gives what listeners have thrown since it was asked for last, as warnings. */
  async settle(): Promise<string[]> {
    this.flush();
    const pending = this.#pending;
    if (pending.size > 0) {
      await withDeadline(Promise.all(pending), SETTLE_MS);
      // One that never settles holds up one turn, not each.
      this.#pending = new Set();
    }
    const warnings = [...this.#thrown].map(([name, { first, times }]) =>
      `The listener ${name} failed${
        times === 1 ? "" : ` ${times} times, first`
      }: ${first}`
    );
    this.#thrown.clear();
    return warnings;
  }

  #call(name: keyof Listeners, listener: () => unknown): void {
    try {
      const given = listener();
      // Most give nothing, or what `push` gives.
      if (typeof given === "object" && given !== null) this.#wait(name, given);
    } catch (thrown) {
      this.#note(name, thrown);
    }
  }

  #wait(name: keyof Listeners, given: object): void {
    const pending = this.#pending;
    const waiting: Promise<void> = Promise.resolve(given)
      .then(() => {}, (thrown) => this.#note(name, thrown))
      .finally(() => pending.delete(waiting));
    pending.add(waiting);
  }

  #note(name: keyof Listeners, thrown: unknown): void {
    const { first, times } = this.#thrown.get(name) ??
      { first: this.#describe(thrown), times: 0 };
    this.#thrown.set(name, { first, times: times + 1 });
  }

  /** Describes what was thrown: anything, also what cannot be looked at. */
  #describe(thrown: unknown): string {
    try {
      const words: unknown = thrown instanceof Error ? thrown.message : thrown;
      return this.#redact(shorten(String(words), MAX_THROWN_LENGTH));
    } catch {
      return "it threw what cannot be shown";
    }
  }
}
