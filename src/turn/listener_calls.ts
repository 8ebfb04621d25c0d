import type { Listeners } from "../options/listeners.ts";
import { withDeadline } from "../util/deadline.ts";
import { shorten } from "../util/text.ts";
import { thrownMessage } from "../util/thrown_message.ts";

/**
 * The longest time to wait for the promises of listeners when a turn ends, in
 * milliseconds.
 */
const SETTLE_MS = 100;

/** The longest thrown value in a warning, in characters. */
const MAX_THROWN_LENGTH = 300;

/** The first error that a listener has thrown, and the number of errors. */
interface Thrown {
  readonly first: string;
  readonly times: number;
}

/**
 * Calls listeners in order without delaying the turn: a call waits until everything that
 * is ready to run has run. Errors that they throw are kept, and reported only as text.
 */
export class ListenerCalls {
  readonly #redact: (text: string) => string;
  readonly #thrown = new Map<keyof Listeners, Thrown>();
  #waiting: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The promises of listeners that have not settled, except those that took too long. */
  #pending = new Set<Promise<void>>();

  /**
   * Creates an empty list of calls.
   *
   * @param redact Removes secrets from errors that listeners throw.
   */
  constructor(redact: (text: string) => string) {
    this.#redact = redact;
  }

  /** Schedules a call of a listener. */
  add(name: keyof Listeners, listener: () => unknown): void {
    this.#waiting.push(() => this.#call(name, listener));
    this.#timer ??= setTimeout(() => this.flush(), 0);
  }

  /** Makes the scheduled calls now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // A listener may add more calls, which are scheduled again.
    const calls = this.#waiting;
    this.#waiting = [];
    for (const call of calls) call();
  }

  /**
   * Makes the scheduled calls now, and returns what listeners have thrown since the
   * previous `settle()`, as warnings.
   */
  async settle(): Promise<string[]> {
    this.flush();
    const pending = this.#pending;
    if (pending.size > 0) {
      await withDeadline(Promise.all(pending), SETTLE_MS);
      // A promise that never settles delays one turn, not every turn.
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
      // Most return nothing, or a number as `push` does.
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

  #describe(thrown: unknown): string {
    return this.#redact(shorten(thrownMessage(thrown), MAX_THROWN_LENGTH));
  }
}
