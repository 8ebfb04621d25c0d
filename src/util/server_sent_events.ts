/**
 * The time between heartbeats, in ms: proxies close a silent connection, and servers notice
 * that a client has disconnected when they write.
 */
const HEARTBEAT_MS = 10_000;

/** Formats a value as a server-sent event with one line of data. */
export function sseMessage(value: unknown, id?: number): string {
  const name = id === undefined ? "" : `id: ${id}\n`;
  return `${name}data: ${JSON.stringify(value)}\n\n`;
}

/**
 * Writes values as server-sent events, with comments as heartbeats between them. Values are
 * only requested when the stream is read; cancelling it cancels `values`.
 *
 * @param write Formats a value as a message.
 * @param last The message after the last value; empty for none.
 */
export function serverSentEvents<T>(
  values: ReadableStream<T>,
  write: (value: T) => string,
  last = "",
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = values.getReader();
  const encoder = new TextEncoder();
  let timer: ReturnType<typeof setInterval> | undefined;
  let isAskedFor = false;
  const stop = (): void => clearInterval(timer);
  const start = (controller: ReadableStreamDefaultController): void => {
    timer ??= setInterval(() => {
      // Only to a client that is waiting: one that does not read needs no heartbeat.
      if (!isAskedFor || controller.desiredSize !== 0) return;
      controller.enqueue(encoder.encode(": alive\n\n"));
    }, HEARTBEAT_MS);
  };
  return new ReadableStream({
    async pull(controller): Promise<void> {
      start(controller);
      isAskedFor = true;
      try {
        const { done, value } = await reader.read();
        const message = done ? last : write(value);
        if (message !== "") controller.enqueue(encoder.encode(message));
        if (!done) return;
        stop();
        controller.close();
      } catch (error) {
        stop();
        throw error;
      } finally {
        isAskedFor = false;
      }
    },
    async cancel(reason): Promise<void> {
      stop();
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
