/** The number of bytes that are encoded at a time: each is an argument of a call. A multiple of 3. */
const CHUNK_BYTES = 3 * 8192;

/** Encodes bytes as base64. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    text += btoa(String.fromCharCode(...chunk));
  }
  return text;
}
