/**
 * Medians and their like.
 *
 * @module
 */

/** The summary of a list of measurements. */
export interface Summary {
  readonly median: number;
  /** The lower and the upper quartile: half of the measurements lie between. */
  readonly low: number;
  readonly high: number;
  readonly samples: number;
}

/** Computes a quantile, interpolated linearly between two neighbours. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** Computes the median. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Summarizes measurements. */
export function summarize(values: readonly number[]): Summary {
  return {
    median: median(values),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
    samples: values.length,
  };
}

/**
 * Computes the ratio of two lists that were measured alternately: the median of the ratios of
 * neighbours, so that a temporary slowdown of the machine affects both sides.
 */
export function pairedRatio(
  ours: readonly number[],
  theirs: readonly number[],
): number {
  return median(ours.map((value, index) => value / (theirs[index] ?? NaN)));
}
