/** Decodes chunks of UTF-8, which together have a length; what is none becomes U+FFFD. */
export function decodeChunks(
  chunks: readonly Uint8Array[],
  length: number,
): string {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return new TextDecoder().decode(bytes);
}
