/**
 * Medians and their like.
 *
 * @module
 */

/** What a list of measurements comes to. */
export interface Summary {
  readonly median: number;
  /** The lower and the upper quartile: half of the measurements lie between. */
  readonly low: number;
  readonly high: number;
  readonly samples: number;
}

/** The value below which a share of the values lies, between two neighbours in proportion. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Sums measurements up. */
export function summarize(values: readonly number[]): Summary {
  return {
    median: median(values),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
    samples: values.length,
  };
}

/**
 * The ratio of two lists that were measured in turns: the median of the ratios of
 * neighbours, so that what slowed the machine for a while counts on both sides.
 */
export function pairedRatio(
  ours: readonly number[],
  theirs: readonly number[],
): number {
  return median(ours.map((value, index) => value / (theirs[index] ?? NaN)));
}
