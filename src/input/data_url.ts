import { CodexInputError } from "../errors.ts";

/** What stands before the data, and the data. */
const DATA_URL = /^data:([^,]*),([^]*)$/i;

/**
 * The bytes of a `data:` URL. The type that it declares is not looked at.
 *
 * @throws {CodexInputError} For one that is not well formed.
 */
export function bytesOfDataUrl(url: string, place: string): Uint8Array {
  const [, head, data] = DATA_URL.exec(url) ?? [];
  if (head === undefined || data === undefined) {
    throw refused(place, "it has no comma before its data");
  }
  try {
    return /;\s*base64\s*$/i.test(head)
      ? bytesOfBase64(decodeURIComponent(data))
      : bytesOfPercents(data);
  } catch {
    throw refused(place, "its data are not well encoded");
  }
}

function bytesOfBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function bytesOfPercents(text: string): Uint8Array {
  const bytes: number[] = [];
  const parts = text.split("%");
  const encode = (part: string): void => {
    for (const byte of new TextEncoder().encode(part)) bytes.push(byte);
  };
  parts.forEach((part, index) => {
    if (index === 0) return encode(part);
    const hex = part.slice(0, 2);
    if (!/^[0-9a-f]{2}$/i.test(hex)) throw new TypeError("No such byte");
    bytes.push(Number.parseInt(hex, 16));
    encode(part.slice(2));
  });
  return new Uint8Array(bytes);
}

function refused(place: string, why: string): CodexInputError {
  return new CodexInputError(
    `Cannot use the data: URL at ${place}: ${why}`,
    place,
  );
}
