/** Reads the name of a chunk: as many letters of ASCII as are asked for, within the bytes. */
export function readAscii(view: DataView, at: number, length: number): string {
  let text = "";
  for (let i = at; i < at + length; i += 1) {
    text += String.fromCharCode(view.getUint8(i));
  }
  return text;
}
