/**
 * Reads ASCII letters, such as the name of a chunk; the range must be within the bytes.
 */
export function readAscii(view: DataView, at: number, length: number): string {
  let text = "";
  for (let i = at; i < at + length; i += 1) {
    text += String.fromCharCode(view.getUint8(i));
  }
  return text;
}
