/** A closed port, which discards messages. */
let closedPort: MessagePort | undefined;

/**
 * Frees a buffer that is no longer needed, and detaches its views. Otherwise tens of MiB
 * would wait for the garbage collector.
 */
export function detachBuffer(buffer: ArrayBufferLike): void {
  if (!(buffer instanceof ArrayBuffer)) return;
  const { transfer }: { transfer?(length: number): ArrayBuffer } = buffer;
  if (transfer !== undefined) {
    transfer.call(buffer, 0);
    return;
  }
  // Node 20 does not have `transfer`; posting the buffer has the same effect.
  if (closedPort === undefined) {
    const { port1, port2 } = new MessageChannel();
    port1.close();
    port2.close();
    closedPort = port1;
  }
  closedPort.postMessage(null, [buffer]);
}

/**
 * Frees the memory of a chunk that is no longer needed. Otherwise, with much output,
 * 40 to 70 MB would wait for the garbage collector.
 */
export function detachChunk(
  { buffer, byteLength }: Uint8Array,
  chunksOwnBuffer: boolean,
): void {
  // A larger buffer may hold other chunks, too.
  if (chunksOwnBuffer || buffer.byteLength === byteLength) detachBuffer(buffer);
}
