/** The number of values of a code unit. */
const CODE_UNITS = 0x10000;

/**
 * Finds words in a text in one pass, code unit by code unit, with the Aho-Corasick
 * automaton: the time depends on the length of the text alone, regardless of the number
 * of words and their repetitions. A state represents the longest beginning of a word that
 * the text so far ends with.
 */
export class WordAutomaton {
  /** The state after another state and a code unit, if some word continues with that. */
  readonly #edges = new Map<number, number>();
  /** The number of code units that each state represents. */
  readonly #depths: number[] = [0];
  /**
   * The state to continue from if no word continues: the longest shorter beginning that
   * this one ends with.
   */
  readonly #fallbacks: number[] = [0];
  /** The length of the longest word that each state ends with, or 0. */
  readonly #ending: number[] = [0];

  /** Creates an automaton for words. */
  constructor(words: Iterable<string>) {
    const states: [state: number, parent: number, code: number][] = [];
    for (const word of words) {
      let state = 0;
      for (let at = 0; at < word.length; at += 1) {
        const code = word.charCodeAt(at);
        let next = this.#edges.get(state * CODE_UNITS + code);
        if (next === undefined) {
          next = this.#depths.length;
          this.#edges.set(state * CODE_UNITS + code, next);
          this.#depths.push(at + 1);
          this.#ending.push(0);
          states.push([next, state, code]);
        }
        state = next;
      }
      this.#ending[state] = word.length;
    }
    // Each state needs the states of shorter beginnings.
    states.sort(([one], [other]) => this.depth(one) - this.depth(other));
    for (const [state, parent, code] of states) {
      const fallback = parent === 0
        ? 0
        : this.next(this.#fallbacks[parent] ?? 0, code);
      this.#fallbacks[state] = fallback;
      this.#ending[state] ||= this.#ending[fallback] ?? 0;
    }
  }

  /** Returns the state after another state and a code unit; the first state is 0. */
  next(state: number, code: number): number {
    for (let from = state;; from = this.#fallbacks[from] ?? 0) {
      const next = this.#edges.get(from * CODE_UNITS + code);
      if (next !== undefined) return next;
      if (from === 0) return 0;
    }
  }

  /** Returns the number of code units that a state represents. */
  depth(state: number): number {
    return this.#depths[state] ?? 0;
  }

  /** Returns the length of the longest word that ends in a state; 0 if there is none. */
  ending(state: number): number {
    return this.#ending[state] ?? 0;
  }
}
