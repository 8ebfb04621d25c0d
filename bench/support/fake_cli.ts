/**
 * The fake CLIs, and the files that they print.
 *
 * @module
 */

import { FakeCli } from "../../src/testing/fake.ts";

/** The length of a block that is written at a time, in characters. */
const BLOCK_LENGTH = 1 << 20;

/** Writes text to a file in a folder, in blocks, and returns its path and size. */
export async function writeInput(
  folder: string,
  name: string,
  texts: Iterable<string>,
): Promise<{ path: string; bytes: number }> {
  const path = `${folder}/${name}`;
  await Deno.writeTextFile(path, ReadableStream.from(blocks(texts)));
  return { path, bytes: (await Deno.stat(path)).size };
}

function* blocks(texts: Iterable<string>): Generator<string> {
  let block: string[] = [];
  let length = 0;
  for (const text of texts) {
    block.push(text);
    length += text.length;
    if (length < BLOCK_LENGTH) continue;
    yield block.join("");
    block = [];
    length = 0;
  }
  yield block.join("");
}

/** Writes a fake CLI that reads its prompt and prints the given text. */
export async function writePrinter(
  folder: string,
  name: string,
  texts: Iterable<string>,
): Promise<{ cli: string; path: string; bytes: number }> {
  const input = await writeInput(folder, `${name}.jsonl`, texts);
  const { path: cli } = new FakeCli(`${folder}/${name}`, [
    "read",
    `file ${input.path}`,
  ]);
  return { cli, ...input };
}
