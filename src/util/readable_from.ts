/**
 * A stream of what a generator yields: pulled one by one, ended and failed with
 * it, and closing it when cancelled.
 *
 * An error comes after every value before it, where a stream that is errored
 * discards the values that stand in its queue.
 */
export function readableFrom<T>(
  generator: AsyncGenerator<T, void, void>,
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
