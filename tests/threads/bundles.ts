/** Builds bundles by hand, valid or invalid in one place. @module */

import { readBytes } from "./support.ts";

/** A thread, its parent and that parent's parent. */
export const IDS = [
  "01a217b9-7527-7af1-997d-3e4cb9e6c043",
  "01a217b9-738a-76e1-889d-b70245a5e607",
  "01a217b7-925a-78b3-9da4-932d969e62ab",
] as const;

/** Another thread. */
export const OTHER_ID = "01a217ff-925a-78b3-9da4-932d969e62ff";

/** A file of a bundle; the fields that its row omits get the correct values. */
export interface TestFile {
  readonly name: string;
  readonly text: string | Uint8Array<ArrayBuffer>;
  readonly row?: { readonly [name: string]: unknown };
}

/** Returns the file name of a thread's rollout. */
export function makeName(id: string, time = "2026-11-26T11-46-55"): string {
  return `rollout-${time}-${id}.jsonl`;
}

/** Returns the first line of a rollout. */
export function metaLine(id: string, more: object = {}): string {
  return line({
    timestamp: "2026-11-26T11:46:55.734Z",
    ordinal: 0,
    type: "session_meta",
    payload: {
      id,
      cli_version: "0.169.0",
      model_provider: "mock",
      base_instructions: { text: "Be brief — always" },
      ...more,
    },
  });
}

/** Returns a line. */
export function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

/** Returns a line with a message. */
export function messageLine(text: string): string {
  return line({ ordinal: 1, type: "response_item", payload: { text } });
}

/** Returns the file of a thread without ancestors. */
export function plainFile(id: string = IDS[0], ...more: string[]): TestFile {
  return {
    name: makeName(id),
    text: [metaLine(id), messageLine("Hello"), ...more].join(""),
  };
}

/** Returns the files of a fork of a fork. */
export function forkFiles(): [TestFile, TestFile, TestFile] {
  const root = plainFile(IDS[2]);
  const parent = makeFork(IDS[1], root);
  return [makeFork(IDS[0], parent), parent, root];
}

/**
 * Returns the file of a fork of another one, from its end unless `base` says otherwise.
 */
export function makeFork(
  id: string,
  from: TestFile,
  base: object = {},
): TestFile {
  const history_base = {
    thread_id: /-([0-9a-f-]{36})\.jsonl$/.exec(from.name)?.[1],
    end_ordinal_exclusive: 2,
    end_byte_offset: bytes(from.text).length,
    ...base,
  };
  return {
    name: makeName(id),
    text: metaLine(id, { history_base }) + messageLine(`Fork ${id}`),
  };
}

/** Returns the uncompressed content of a bundle. */
export async function makeContent(
  files: readonly TestFile[],
  header: object = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [bytes(line({
    format: "acodex-thread",
    version: 1,
    id: IDS[0],
    cliVersion: "0.169.0",
    ...header,
  }))];
  for (const { name, text, row } of files) {
    const content = bytes(text);
    const digest = await crypto.subtle.digest("SHA-256", content);
    const sha256 = new Uint8Array(digest).toHex();
    parts.push(bytes(line({ name, bytes: content.length, sha256, ...row })));
    parts.push(content);
  }
  return await readBytes(new Blob(parts).stream());
}

/** Compresses the content of a bundle. */
export async function gzip(
  content: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([content]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return await readBytes(packed);
}

/** Returns a bundle. */
export async function makeBundle(
  files: readonly TestFile[],
  header: object = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return await gzip(await makeContent(files, header));
}

/** Encodes text. */
export function bytes(
  text: string | Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}
