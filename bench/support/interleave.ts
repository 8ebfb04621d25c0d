/**
 * Takes turns.
 *
 * @module
 */

/**
 * Measures contenders round by round, each round in another order, so that none
 * has the better part of the machine's time. Gives each one's measurements.
 */
export async function interleave<K extends string, T>(
  contenders: readonly K[],
  rounds: number,
  measure: (contender: K) => Promise<T>,
): Promise<{ [C in K]: T[] }> {
  const results = Object.fromEntries(
    contenders.map((contender) => [contender, [] as T[]]),
  ) as { [C in K]: T[] };
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < contenders.length; place++) {
      const contender = contenders[(place + round) % contenders.length];
      if (contender !== undefined) {
        results[contender].push(await measure(contender));
      }
    }
  }
  return results;
}
