/** A closed port: what is posted to it is gone. */
let closedPort: MessagePort | undefined;

/**
 * Frees a buffer that is no longer needed, and detaches its views: left to the
 * collector, tens of MiB would wait for it.
 */
export function detachBuffer(buffer: ArrayBufferLike): void {
  if (!(buffer instanceof ArrayBuffer)) return;
  const { transfer }: { transfer?(length: number): ArrayBuffer } = buffer;
  if (transfer !== undefined) {
    transfer.call(buffer, 0);
    return;
  }
  // Node 20 has no such method, but this one.
  if (closedPort === undefined) {
    const { port1, port2 } = new MessageChannel();
    port1.close();
    port2.close();
    closedPort = port1;
  }
  closedPort.postMessage(null, [buffer]);
}

/**
 * Frees the memory of a chunk that is no longer needed: of a flood, 40 to 70 MB would
 * wait to be collected.
 */
export function detachChunk(
  { buffer, byteLength }: Uint8Array,
  chunksOwnBuffer: boolean,
): void {
  // What is part of something larger may hold the chunks of others.
  if (chunksOwnBuffer || buffer.byteLength === byteLength) detachBuffer(buffer);
}
