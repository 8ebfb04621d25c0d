/**
 * Interleaves measurements.
 *
 * @module
 */

/**
 * Measures contenders round by round, each round in another order, so that all get an equal
 * share of the machine's good and bad moments. Returns the measurements of each.
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
