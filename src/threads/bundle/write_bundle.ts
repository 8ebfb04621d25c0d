import { headerLine, rowLine, type ThreadBundle } from "./format.ts";
import { pack } from "./gzip.ts";
import { sha256 } from "./sha256.ts";

/** The bytes of a file that are packed at once. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Writes a bundle.
 *
 * @param check Throws if the export was cancelled; called before each chunk.
 */
export async function* writeBundle(
  bundle: ThreadBundle,
  check: () => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  for await (const chunk of pack(writeContent(bundle, check))) {
    check();
    yield chunk;
  }
}

async function* writeContent(
  { id, rollouts }: ThreadBundle,
  check: () => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const encoder = new TextEncoder();
  yield encoder.encode(headerLine(id, rollouts[0].cliVersion));
  for (const { name, bytes } of rollouts) {
    check();
    const hash = await sha256(bytes);
    yield encoder.encode(
      rowLine({ name, bytes: bytes.length, sha256: hash }),
    );
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      check();
      yield bytes.subarray(at, at + CHUNK_BYTES);
    }
  }
}
