import type { Runtime } from "../../runtime/types.ts";
import type { TurnImage } from "../../transport/transport.ts";

/** The number of bytes of an image that are read first; most images are smaller. */
const FIRST_READ = 1 << 20;

/** Reads images that are local files, for a server that sees other files; returns all images as bytes. */
export async function imageBytes(
  runtime: Runtime,
  images: readonly TurnImage[],
): Promise<readonly TurnImage[]> {
  const read: TurnImage[] = [];
  // One after the other, since together they may be large.
  for (const image of images) {
    const { source } = image;
    read.push(
      typeof source === "string"
        ? { ...image, source: await readFile(runtime, source) }
        : image,
    );
  }
  return read;
}

async function readFile(runtime: Runtime, path: string): Promise<Uint8Array> {
  for (let length = FIRST_READ;; length *= 4) {
    const bytes = await runtime.readStart(path, length);
    if (bytes.length < length) return bytes;
  }
}
