import { CodexInputError } from "../errors/codex_error.ts";

/** Matches a `data:` URL, with its header and its data. */
const DATA_URL = /^data:([^,]*),([^]*)$/i;

/** The byte that begins a percent-encoded byte. */
const PERCENT = "%".charCodeAt(0);

/** The value of each byte as a hexadecimal digit; `NaN` if it is not one. */
const HEX_DIGITS: readonly number[] = Array.from(
  { length: 256 },
  (_, byte) => Number.parseInt(String.fromCharCode(byte), 16),
);

/**
 * Decodes a `data:` URL. The type that it declares is ignored.
 *
 * @throws {CodexInputError} If it is malformed.
 */
export function decodeDataUrl(url: string, inputPath: string): Uint8Array {
  const [, head, data] = DATA_URL.exec(url) ?? [];
  if (head === undefined || data === undefined) {
    throw dataUrlError(inputPath, "it has no comma before its data");
  }
  try {
    return /;\s*base64\s*$/i.test(head)
      ? decodeBase64(decodeURIComponent(data))
      : decodePercents(data);
  } catch {
    throw dataUrlError(inputPath, "its data is not correctly encoded");
  }
}

function decodeBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Decodes in place, byte by byte: an image may be many megabytes. */
function decodePercents(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  let length = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    let byte = bytes[i] ?? 0;
    if (byte === PERCENT) {
      byte = 16 * hexDigit(bytes[i + 1]) + hexDigit(bytes[i + 2]);
      if (Number.isNaN(byte)) throw new TypeError("No such byte");
      i += 2;
    }
    bytes[length] = byte;
    length += 1;
  }
  // A copy, so that the buffer of the text is not kept in memory with the bytes.
  return bytes.slice(0, length);
}

function hexDigit(byte: number | undefined): number {
  return HEX_DIGITS[byte ?? PERCENT] ?? NaN;
}

function dataUrlError(inputPath: string, why: string): CodexInputError {
  return new CodexInputError(
    `Cannot use the data: URL at ${inputPath}: ${why}`,
    { path: inputPath },
  );
}
