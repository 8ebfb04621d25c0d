/** How many values a code unit has. */
const CODE_UNITS = 0x10000;

/**
 * Finds words in a text that is gone through once, code unit by code unit: by Aho and
 * Corasick's automaton, in a time that grows with the text alone, however many words
 * there are and however they repeat themselves. Its state stands for the longest
 * beginning of a word that the text ends with so far.
 */
export class WordAutomaton {
  /** The state after another one and a code unit, where some word goes on with that. */
  readonly #edges = new Map<number, number>();
  /** How many code units a state stands for. */
  readonly #depths: number[] = [0];
  /** The state to go on from where no word goes on: the longest shorter beginning that is an end of this one. */
  readonly #fallbacks: number[] = [0];
  /** The length of the longest word that each state ends with, or 0. */
  readonly #ending: number[] = [0];

  /** Makes it for some words. */
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
    // Each needs those of shorter beginnings.
    states.sort(([one], [other]) => this.depth(one) - this.depth(other));
    for (const [state, parent, code] of states) {
      const fallback = parent === 0
        ? 0
        : this.next(this.#fallbacks[parent] ?? 0, code);
      this.#fallbacks[state] = fallback;
      this.#ending[state] ||= this.#ending[fallback] ?? 0;
    }
  }

  /** Gives the state after another one and a code unit; the first one is 0. */
  next(state: number, code: number): number {
    for (let from = state;; from = this.#fallbacks[from] ?? 0) {
      const next = this.#edges.get(from * CODE_UNITS + code);
      if (next !== undefined) return next;
      if (from === 0) return 0;
    }
  }

  /** Tells how many code units a state stands for. */
  depth(state: number): number {
    return this.#depths[state] ?? 0;
  }

  /** Tells the length of the longest word that ends in a state; 0 if none does. */
  ending(state: number): number {
    return this.#ending[state] ?? 0;
  }
}
