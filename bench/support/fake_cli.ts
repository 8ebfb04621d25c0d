/**
 * The fake CLIs, and the files that they print.
 *
 * @module
 */

/** How much is written at a time, in characters. */
const BLOCK_LENGTH = 1 << 20;

/** Writes text to a file in a folder, bit by bit, and gives its path and size. */
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

/** Writes a fake CLI, a shell script that has read its prompt, and gives its path. */
export async function writeCli(
  folder: string,
  name: string,
  script: string,
): Promise<string> {
  const path = `${folder}/${name}`;
  const text = `#!/bin/sh\ncat > /dev/null\n${script}\n`;
  await Deno.writeTextFile(path, text, { mode: 0o700 });
  return path;
}

/** Writes a fake CLI that prints what is handed in, and exits. */
export async function writePrinter(
  folder: string,
  name: string,
  texts: Iterable<string>,
): Promise<{ cli: string; path: string; bytes: number }> {
  const input = await writeInput(folder, `${name}.jsonl`, texts);
  const cli = await writeCli(folder, name, `exec cat '${input.path}'`);
  return { cli, ...input };
}
