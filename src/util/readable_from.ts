/** Values that are asked for one by one, and can be left: a generator, as far as a reader needs it. */
export interface Pulled<T> {
  /** Gives the next value. */
  next(): Promise<IteratorResult<T, void>>;
  /** Ends the values. */
  return(): Promise<unknown>;
}

/**
 * Makes a stream of a generator's values: pulls them one by one, ends and fails with the
 * generator, and closes it when cancelled.
 *
 * An error follows every value before it, whereas a stream that is errored discards the
 * values in its queue.
 */
export function readableFrom<T>(
  generator: Pulled<T>,
): ReadableStream<T> {
  return new ReadableStream<T>({
    async pull(controller): Promise<void> {
      const next = await generator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel(): Promise<void> {
      await generator.return();
    },
  }, { highWaterMark: 0 });
}
