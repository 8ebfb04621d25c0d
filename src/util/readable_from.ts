/** The part of an async generator that a stream needs. */
export interface Pulled<T> {
  /** Resolves to the next value. */
  next(): Promise<IteratorResult<T, void>>;
  /** Ends the generator. */
  return(): Promise<unknown>;
}

/**
 * Creates a stream of a generator's values: pulls them one by one, ends and fails with the
 * generator, and returns the generator when cancelled.
 *
 * An error comes after all values before it. A stream with a queue would discard the values
 * in the queue.
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
