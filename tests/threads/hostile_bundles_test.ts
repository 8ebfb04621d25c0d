/** Bundles that are refused, with nothing written. @module */

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { CodexThreadBundleError, importThread } from "../../threads.ts";
import {
  bytes,
  forkFiles,
  gzip,
  IDS,
  line,
  makeBundle,
  makeContent,
  makeFork,
  makeName,
  messageLine,
  metaLine,
  OTHER_ID,
  plainFile,
  type TestFile,
} from "./bundles.ts";
import { namesIn, withFolder } from "./support.ts";

/** A bundle, and a part of what is said about it. */
type Row = readonly [
  says: string,
  bundle: () => Promise<Uint8Array<ArrayBuffer>>,
  options?: { readonly maxBytes?: number; readonly expectId?: string },
];

const ID = IDS[0];

/** A thread with another name for its file. */
const named = (name: string) => () =>
  makeBundle([{ ...plainFile(), name } as TestFile]);

/** A thread with another row for its file. */
const row = (row: { readonly [name: string]: unknown }) => () =>
  makeBundle([{ ...plainFile(), row }]);

/** A thread with other lines. */
const text = (text: string | Uint8Array<ArrayBuffer>) => () =>
  makeBundle([{ name: makeName(ID), text }]);

/** A thread with one line more. */
const more = (line: string) => () => makeBundle([plainFile(ID, line)]);

/** Bytes that unpack to a thousand times as many. */
const bomb = async (megabytes: number): Promise<Uint8Array<ArrayBuffer>> =>
  await gzip(new Uint8Array(megabytes * 1024 ** 2));

const HOSTILE: { readonly [name: string]: Row } = {
  // What is no bundle.
  "no bytes": ["cannot be unpacked", () => Promise.resolve(bytes(""))],
  "text": ["cannot be unpacked", () => Promise.resolve(bytes("not gzip"))],
  "gzip of nothing": ["not written by exportThread()", () => gzip(bytes(""))],
  "gzip of a rollout": [
    "not written by exportThread()",
    () => gzip(bytes(metaLine(ID))),
  ],
  "a bundle that is cut off": [
    "cannot be unpacked",
    async () => (await makeBundle([plainFile()])).slice(0, -9),
  ],
  "a bundle with bytes after it": [
    "data after its last file",
    async () => {
      const content = await makeContent([plainFile()]);
      return await gzip(bytes(new Uint8Array([...content, 10])));
    },
  ],
  "a checksum of gzip that is wrong": [
    "cannot be unpacked",
    async () => {
      const bundle = await makeBundle([plainFile()]);
      bundle.set([1, 2, 3, 4], bundle.length - 8);
      return bundle;
    },
  ],
  // The header.
  "a header of another format": [
    "not written by exportThread()",
    () => makeBundle([plainFile()], { format: "tar" }),
  ],
  "a header of a later version": [
    "use a newer @acodex/sdk",
    () => makeBundle([plainFile()], { version: 2 }),
  ],
  "an id with a path": [
    "not a UUID",
    () => makeBundle([plainFile()], { id: "../../../etc/passwd" }),
  ],
  "no version of the CLI": [
    "no cliVersion",
    () => makeBundle([plainFile()], { cliVersion: null }),
  ],
  "a header without an end": [
    "not written by exportThread()",
    () => gzip(bytes(`{"format":"acodex-thread","x":"${"x".repeat(100_000)}`)),
  ],
  "another thread than is expected": [
    "was expected",
    () => makeBundle([plainFile()]),
    { expectId: OTHER_ID },
  ],
  "no files": ["is missing", () => makeBundle([])],
  // Names.
  "a name with a path": [
    "has a file named",
    named(`../../../../etc/cron.d/${makeName(ID)}`),
  ],
  "an absolute name": ["has a file named", named(`/tmp/${makeName(ID)}`)],
  "a name with a path of Windows": [
    "has a file named",
    named(`..\\..\\${makeName(ID)}`),
  ],
  "a name with a NUL": ["has a file named", named(`${makeName(ID)}\0.sh`)],
  "a name with a newline": ["has a file named", named(`${makeName(ID)}\n`)],
  "a name without a date": [
    "has a file named",
    named(`rollout-${ID}.jsonl`),
  ],
  "a name with a date of dots": [
    "has a file named",
    named(makeName(ID, "....-..-..T..-..-..")),
  ],
  "a name with a month that is not": [
    "has a file named",
    named(makeName(ID, "2026-13-01T00-00-00")),
  ],
  "a name with digits of another script": [
    "has a file named",
    named(makeName(ID, "２０２６-11-26T00-00-00")),
  ],
  "a compressed file": ["has a file named", named(`${makeName(ID)}.zst`)],
  "the login": ["has a file named", named("auth.json")],
  "a name that is no text": [
    "has a file named",
    row({ name: [makeName(ID)] }),
  ],
  "the name of another thread": [
    "is not that of thread",
    named(makeName(OTHER_ID)),
  ],
  // Rows.
  "a hash that is wrong": [
    "does not match its SHA-256",
    row({ sha256: "0".repeat(64) }),
  ],
  "a hash that is short": ["without its SHA-256", row({ sha256: "00" })],
  "a length that is negative": ["without its length", row({ bytes: -1 })],
  "a length of nothing": [
    "without its length",
    () => makeBundle([{ name: makeName(ID), text: "" }]),
  ],
  "a length beyond numbers": ["without its length", row({ bytes: 1e300 })],
  "a length beyond the bundle": ["is cut off", row({ bytes: 1e12 })],
  "a length that is short": ["does not match its SHA-256", row({ bytes: 100 })],
  "a row without an end": [
    "is missing",
    async () => {
      const header = await makeContent([]);
      const row = `{"name":"${"x".repeat(100_000)}`;
      return await gzip(await bytesOfAll(header, bytes(row)));
    },
  ],
  // Sizes.
  "a bundle that is longer than allowed": [
    "packed it has more than",
    () => makeBundle([plainFile()]),
    { maxBytes: 100 },
  ],
  "a bomb": ["unpacked it has more", () => bombIn(8), { maxBytes: 100_000 }],
  "a bomb in a header": ["not written by exportThread()", () => bomb(8)],
  "a bomb beyond the default": ["unpacked it has more", () => bombIn(257)],
  "a line of more than 64 MiB": [
    "is longer than 64 MiB",
    () => {
      const long = new Uint8Array(64 * 1024 ** 2 + 2).fill(32);
      long[long.length - 1] = 10;
      return bytesOfAll(bytes(metaLine(ID)), long).then((all) => text(all)());
    },
  ],
  "more lines than a million": [
    "a million lines",
    more('{"type":"a"}\n'.repeat(1_000_000)),
  ],
  "more values than a million in a line": [
    "has too many values",
    more(`{"type":"a","p":[${"[],".repeat(1_000_000)}0]}\n`),
  ],
  "a line that is nested too deep": [
    "is nested too deep",
    more(`{"type":"a","p":${"[".repeat(500_000)}${"]".repeat(500_000)}}\n`),
  ],
  // Lines.
  "a line that is not JSON": ["is not JSON", more("garbage\n")],
  "a line that is cut off in the middle": [
    "is not JSON",
    more('{"type":"a","p\n'),
  ],
  "a last line without a newline": ["is cut off", more('{"type":"a"}')],
  "an empty line": ["is not JSON", more("\n")],
  "a line with a byte order mark": [
    "is not JSON",
    more('\ufeff{"type":"a"}\n'),
  ],
  "a line that is a list": ["is not an object", more('["type"]\n')],
  "a line without a type": ["has no type", more('{"payload":{}}\n')],
  "a type that is no text": ["has no type", more('{"type":{}}\n')],
  "a line that is not UTF-8": [
    "is not UTF-8",
    async () => {
      const lines = bytes(metaLine(ID) + messageLine("é"));
      lines[lines.indexOf(0xc3)] = 0xff;
      return await text(lines)();
    },
  ],
  "a name that is there twice": [
    "twice",
    more('{"type":"session_meta","payload":{},"type":"event_msg"}\n'),
  ],
  "a name that is there twice, in another spelling": [
    "escape",
    more('{"type":"event_msg","\\u0074ype":"session_meta"}\n'),
  ],
  "an id that is there twice": [
    "twice",
    text(
      `{"type":"session_meta","payload":{"id":"${OTHER_ID}","id":"${ID}"}}\n`,
    ),
  ],
  // Foreign ids.
  "a thread that begins with something else": [
    "is not the thread's session_meta",
    text(messageLine("Hello") + metaLine(ID)),
  ],
  "a thread with the id of another one": [
    "is about another thread",
    text(metaLine(OTHER_ID)),
  ],
  "a thread that later says that it is another one": [
    "is about another thread",
    more(metaLine(OTHER_ID)),
  ],
  "a session_meta without an id": [
    "is about another thread",
    text(line({ type: "session_meta" })),
  ],
  // Chains.
  "a fork without its ancestor": [
    "is missing",
    () => makeBundle(forkFiles().slice(0, 1)),
  ],
  "a fork without the first of its ancestors": [
    "is missing",
    () => makeBundle(forkFiles().slice(0, 2)),
  ],
  "ancestors in another order": [
    "is not that of thread",
    () => {
      const [fork, parent, root] = forkFiles();
      return makeBundle([fork, root, parent]);
    },
  ],
  "a file that nothing refers to": [
    "data after its last file",
    () => makeBundle([plainFile(), plainFile(OTHER_ID)]),
  ],
  "a fork that begins beyond its ancestor": [
    "no line of that thread ends",
    () => {
      const root = plainFile(IDS[1]);
      const fork = makeFork(ID, root, { end_byte_offset: 1e9 });
      return makeBundle([fork, root]);
    },
  ],
  "a fork that begins within a line": [
    "no line of that thread ends",
    () => {
      const root = plainFile(IDS[1]);
      return makeBundle([makeFork(ID, root, { end_byte_offset: 10 }), root]);
    },
  ],
  "a fork that begins at nothing": [
    "no line of that thread ends",
    () => {
      const root = plainFile(IDS[1]);
      return makeBundle([makeFork(ID, root, { end_byte_offset: 0 }), root]);
    },
  ],
  "a fork of a path": [
    "history_base that cannot be read",
    () => {
      const root = plainFile(IDS[1]);
      return makeBundle([makeFork(ID, root, { thread_id: "../x" }), root]);
    },
  ],
  "a fork of itself": [
    "forked more than 15 times",
    () => {
      const file = makeFork(ID, plainFile(ID), { end_byte_offset: 400 });
      const { length } = bytes(file.text);
      const self = makeFork(ID, file, { end_byte_offset: length });
      return makeBundle(Array.from({ length: 17 }, () => self));
    },
  ],
  "a chain of 17": [
    "forked more than 15 times",
    () => {
      let file = plainFile(makeId(16));
      const files = [file];
      for (let at = 15; at >= 0; at--) {
        file = makeFork(makeId(at), file);
        files.unshift(file);
      }
      return makeBundle(files, { id: makeId(0) });
    },
  ],
};

function makeId(at: number): string {
  return `01a217b9-7527-7af1-997d-${String(at).padStart(12, "0")}`;
}

async function bytesOfAll(
  ...parts: Uint8Array<ArrayBuffer>[]
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** A bundle whose file is a bomb. */
async function bombIn(megabytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = megabytes * 1024 ** 2;
  const start = await makeContent([
    { name: makeName(ID), text: "x", row: { bytes } },
  ]);
  return await gzip(await bytesOfAll(start, new Uint8Array(bytes)));
}

for (const [name, [says, bundle, options]] of Object.entries(HOSTILE)) {
  Deno.test(`importThread refuses ${name}, and writes nothing`, async () => {
    await withFolder(async (codexHome) => {
      const error = await assertRejects(
        async () => importThread(await bundle(), { codexHome, ...options }),
        CodexThreadBundleError,
        says,
      );
      assertEquals(error.code, "invalid_bundle");
      assert(error.message.length < 1000, error.message);
      assertEquals(namesIn(codexHome), []);
    });
  });
}

Deno.test("a bundle that is right is taken, a fork of forks too, in whatever chunks it comes", async () => {
  const files = forkFiles();
  const bundle = await makeBundle(files);
  for (const size of [1, 7, 1000, bundle.length]) {
    await withFolder(async (codexHome) => {
      const stream = new ReadableStream<Uint8Array>({
        start(controller): void {
          for (let at = 0; at < bundle.length; at += size) {
            controller.enqueue(bundle.slice(at, at + size));
          }
          controller.close();
        },
      });
      const imported = await importThread(stream, { codexHome });
      assertEquals(imported, {
        id: ID,
        cliVersion: "0.169.0",
        modelProvider: "mock",
      });
      for (const { name, text } of files) {
        const path = `${codexHome}/sessions/2026/11/26/${name}`;
        assertEquals(await Deno.readTextFile(path), text);
        assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
      }
      const { mode } = await Deno.stat(`${codexHome}/sessions`);
      assertEquals((mode ?? 0) & 0o777, 0o700);
    });
  }
});

Deno.test("the errors about a bundle name the file and the line", async () => {
  const bundle = await more("garbage\n")();
  const error = await assertRejects(
    () => importThread(bundle, { codexHome: "/tmp" }),
    CodexThreadBundleError,
  );
  assertEquals([error.fileName, error.lineNumber], [makeName(ID), 3]);
  assertStringIncludes(error.message, `Line 3 of "${makeName(ID)}"`);
});
