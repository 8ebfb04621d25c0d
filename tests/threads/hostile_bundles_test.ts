/** Bundles that are rejected without writing anything. @module */

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

/** A part of the expected message, and the bundle. */
type Row = readonly [
  says: string,
  bundle: () => Promise<Uint8Array<ArrayBuffer>>,
  options?: { readonly maxBytes?: number; readonly expectId?: string },
];

const ID = IDS[0];

/** Returns a bundle in which the file has another name. */
const named = (name: string) => () =>
  makeBundle([{ ...plainFile(), name } as TestFile]);

/** Returns a bundle in which the file has another row. */
const row = (row: { readonly [name: string]: unknown }) => () =>
  makeBundle([{ ...plainFile(), row }]);

/** Returns a bundle with other lines. */
const text = (text: string | Uint8Array<ArrayBuffer>) => () =>
  makeBundle([{ name: makeName(ID), text }]);

/** Returns a bundle with an additional line. */
const more = (line: string) => () => makeBundle([plainFile(ID, line)]);

/** Returns bytes that unpack to a thousand times as many. */
const bomb = async (megabytes: number): Promise<Uint8Array<ArrayBuffer>> =>
  await gzip(new Uint8Array(megabytes * 1024 ** 2));

const HOSTILE: { readonly [name: string]: Row } = {
  // Not a bundle.
  "no bytes": ["cannot be unpacked", () => Promise.resolve(bytes(""))],
  "text": ["cannot be unpacked", () => Promise.resolve(bytes("not gzip"))],
  "gzip of nothing": ["not written by exportThread()", () => gzip(bytes(""))],
  "gzip of a rollout": [
    "not written by exportThread()",
    () => gzip(bytes(metaLine(ID))),
  ],
  "a truncated bundle": [
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
  "a wrong gzip checksum": [
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
  "a thread other than the expected one": [
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
  "a name with a Windows path": [
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
  "a name with an impossible month": [
    "has a file named",
    named(makeName(ID, "2026-13-01T00-00-00")),
  ],
  "a name with digits of another script": [
    "has a file named",
    named(makeName(ID, "２０２６-11-26T00-00-00")),
  ],
  "a compressed file": ["has a file named", named(`${makeName(ID)}.zst`)],
  "the login": ["has a file named", named("auth.json")],
  "a name that is not a string": [
    "has a file named",
    row({ name: [makeName(ID)] }),
  ],
  "the name of another thread": [
    "is not that of thread",
    named(makeName(OTHER_ID)),
  ],
  // Rows.
  "a wrong hash": [
    "does not match its SHA-256",
    row({ sha256: "0".repeat(64) }),
  ],
  "a short hash": ["without its SHA-256", row({ sha256: "00" })],
  "a negative length": ["without its length", row({ bytes: -1 })],
  "a length of zero": [
    "without its length",
    () => makeBundle([{ name: makeName(ID), text: "" }]),
  ],
  "a length beyond the range of numbers": [
    "without its length",
    row({ bytes: 1e300 }),
  ],
  "a length beyond the bundle": ["is cut off", row({ bytes: 1e12 })],
  "a short length": ["does not match its SHA-256", row({ bytes: 100 })],
  "a row without an end": [
    "is missing",
    async () => {
      const header = await makeContent([]);
      const row = `{"name":"${"x".repeat(100_000)}`;
      return await gzip(await bytesOfAll(header, bytes(row)));
    },
  ],
  // Sizes.
  "a bundle that is larger than allowed": [
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
  "more than a million lines": [
    "a million lines",
    more('{"type":"a"}\n'.repeat(1_000_000)),
  ],
  "more than a million values in a line": [
    "has too many values",
    more(`{"type":"a","p":[${"[],".repeat(1_000_000)}0]}\n`),
  ],
  "a line that is nested too deeply": [
    "is nested too deep",
    more(`{"type":"a","p":${"[".repeat(500_000)}${"]".repeat(500_000)}}\n`),
  ],
  // Lines.
  "a line that is not JSON": ["is not JSON", more("garbage\n")],
  "a line that is cut off": [
    "is not JSON",
    more('{"type":"a","p\n'),
  ],
  "a last line without a newline": ["is cut off", more('{"type":"a"}')],
  "an empty line": ["is not JSON", more("\n")],
  "a line with a byte order mark": [
    "is not JSON",
    more('\ufeff{"type":"a"}\n'),
  ],
  "a line that is an array": ["is not an object", more('["type"]\n')],
  "a line without a type": ["has no type", more('{"payload":{}}\n')],
  "a type that is not a string": ["has no type", more('{"type":{}}\n')],
  "a line that is not UTF-8": [
    "is not UTF-8",
    async () => {
      const lines = bytes(metaLine(ID) + messageLine("é"));
      lines[lines.indexOf(0xc3)] = 0xff;
      return await text(lines)();
    },
  ],
  "a duplicate key": [
    "twice",
    more('{"type":"session_meta","payload":{},"type":"event_msg"}\n'),
  ],
  "a duplicate key with an escape": [
    "escape",
    more('{"type":"event_msg","\\u0074ype":"session_meta"}\n'),
  ],
  "a duplicate id": [
    "twice",
    text(
      `{"type":"session_meta","payload":{"id":"${OTHER_ID}","id":"${ID}"}}\n`,
    ),
  ],
  // Foreign ids.
  "a thread that does not begin with its session_meta": [
    "is not the thread's session_meta",
    text(messageLine("Hello") + metaLine(ID)),
  ],
  "a thread with the id of another thread": [
    "is about another thread",
    text(metaLine(OTHER_ID)),
  ],
  "a thread with a later session_meta of another thread": [
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
  "a fork without its first ancestor": [
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
  "an unreferenced file": [
    "data after its last file",
    () => makeBundle([plainFile(), plainFile(OTHER_ID)]),
  ],
  "a fork from beyond its ancestor's end": [
    "no line of that thread ends",
    () => {
      const root = plainFile(IDS[1]);
      const fork = makeFork(ID, root, { end_byte_offset: 1e9 });
      return makeBundle([fork, root]);
    },
  ],
  "a fork from within a line": [
    "no line of that thread ends",
    () => {
      const root = plainFile(IDS[1]);
      return makeBundle([makeFork(ID, root, { end_byte_offset: 10 }), root]);
    },
  ],
  "a fork from before the first line": [
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

/** Returns a bundle whose file is a bomb. */
async function bombIn(megabytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = megabytes * 1024 ** 2;
  const start = await makeContent([
    { name: makeName(ID), text: "x", row: { bytes } },
  ]);
  return await gzip(await bytesOfAll(start, new Uint8Array(bytes)));
}

for (const [name, [says, bundle, options]] of Object.entries(HOSTILE)) {
  Deno.test(`importThread rejects ${name}, and writes nothing`, async () => {
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

Deno.test("importThread accepts a valid bundle, also of nested forks, in chunks of any size", async () => {
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

Deno.test("errors about a bundle name the file and the line", async () => {
  const bundle = await more("garbage\n")();
  const error = await assertRejects(
    () => importThread(bundle, { codexHome: "/tmp" }),
    CodexThreadBundleError,
  );
  assertEquals([error.fileName, error.lineNumber], [makeName(ID), 3]);
  assertStringIncludes(error.message, `Line 3 of "${makeName(ID)}"`);
});
