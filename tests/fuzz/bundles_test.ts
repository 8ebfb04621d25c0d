/**
 * Imports mutated bundles. Each is rejected with nothing written, or is a thread that
 * can be exported and imported again.
 *
 * `FUZZ_BUNDLES` is their number (1,000 by default, 10,000 in `deno task test:chaos`),
 * `FUZZ_SEED` the seed of the first one; each following bundle has the next seed.
 */

import { assert, assertEquals } from "@std/assert";
import { say } from "../../scripts/print.ts";
import { randomNumbers } from "../../src/testing/random_numbers.ts";
import {
  CodexThreadBundleError,
  exportThread,
  importThread,
} from "../../threads.ts";
import {
  bytes,
  forkFiles,
  gzip,
  IDS,
  makeContent,
  makeFork,
  makeName,
  messageLine,
  metaLine,
  OTHER_ID,
  plainFile,
  type TestFile,
} from "../threads/bundles.ts";
import {
  namesIn,
  readBytes,
  rolloutsIn,
  withFolder,
} from "../threads/support.ts";

const BUNDLES = Number(Deno.env.get("FUZZ_BUNDLES") ?? 1_000);

const SEED = Number(
  Deno.env.get("FUZZ_SEED") ?? Math.floor(Math.random() * 2 ** 31),
);

type Bytes = Uint8Array<ArrayBuffer>;
type Random = (limit: number) => number;

/** Texts that replace a part of a text. */
const WORDS = [
  ...["", "..", "/", "\\", "\0", "\n", "\r", '"', "{", "}", "[", "]", ":", ","],
  ...["null", "true", "-1", "1e999", "0", "999999999999", '""', "{}", "[]"],
  ...IDS,
  ...[OTHER_ID, IDS[0].toUpperCase(), makeName(IDS[1]), "session_meta"],
  ...["type", "id", "payload", "history_base", "thread_id", "__proto__"],
  ...["rollout-", ".jsonl", ".zst", "2026-02-31T25-61-61", "\ufeff", "\u2028"],
  messageLine("More"),
  metaLine(OTHER_ID),
  metaLine(IDS[0]),
];

Deno.test(`${BUNDLES} mutated bundles are rejected with nothing written, or can be exported again`, async () => {
  let taken = 0;
  const begun = performance.now();
  await withFolder(async (folder) => {
    for (let seed = SEED; seed < SEED + BUNDLES; seed++) {
      const home = `${folder}/${seed}`;
      await Deno.mkdir(home);
      try {
        if (await judge(await mutatedBundle(randomNumbers(seed)), home)) {
          taken++;
        }
      } catch (cause) {
        throw new Error(`FUZZ_SEED=${seed} FUZZ_BUNDLES=1`, { cause });
      }
      await Deno.remove(home, { recursive: true });
    }
  });
  say(
    `${BUNDLES} bundles from seed ${SEED} on, ${taken} of them taken: ${
      Math.round(performance.now() - begun)
    } ms`,
  );
});

/** Imports a bundle, and tells whether it was accepted. */
async function judge(bundle: Bytes, codexHome: string): Promise<boolean> {
  let id;
  try {
    ({ id } = await importThread(bundle, { codexHome }));
  } catch (error) {
    if (!(error instanceof CodexThreadBundleError)) throw error;
    assert(error.message.length < 1000);
    assertEquals(namesIn(codexHome), []);
    return false;
  }
  const top = namesIn(codexHome);
  assertEquals(top, ["sessions", "thread-writer-locks"]);
  for (const path of rolloutsIn(codexHome)) {
    assert(
      /^\/sessions\/\d{4}\/\d\d\/\d\d\/rollout-[-T\d]{20}[-0-9a-f]{36}\.jsonl$/
        .test(path.slice(codexHome.length)),
      path,
    );
  }
  const again = await readBytes(await exportThread(id, { codexHome }));
  const { size } = await Deno.stat(
    rolloutsIn(codexHome).find((path) => path.includes(id)) ?? "",
  );
  assert(size > 0);
  // The thread exists: there is nothing to do.
  await importThread(again, { codexHome, onExisting: "extend", expectId: id });
  return true;
}

/** Builds a bundle and mutates it at one to three places, at one of three depths. */
async function mutatedBundle(random: Random): Promise<Bytes> {
  const [fork, parent, root] = forkFiles();
  const depth = random(3);
  const change = (text: TestFile["text"]): Bytes => {
    let changed = bytes(text);
    for (let left = 1 + random(3); left > 0; left--) {
      changed = mutate(changed, random);
    }
    return changed;
  };
  if (depth === 0) {
    // A file with a matching hash; its forks match it, too.
    if (random(2) === 0) {
      const file = plainFile();
      return await gzip(
        await makeContent([{ ...file, text: change(file.text) }]),
      );
    }
    const base = { ...root, text: change(root.text) };
    const middle = makeFork(IDS[1], base);
    const files = [makeFork(IDS[0], middle), middle, base];
    return await gzip(await makeContent(files));
  }
  const content = await makeContent(
    random(2) === 0 ? [plainFile()] : [fork, parent, root],
  );
  if (depth === 1) return await gzip(change(content));
  return change(await gzip(content));
}

/** Changes bytes at one place. */
function mutate(given: Bytes, random: Random): Bytes {
  const at = random(given.length + 1);
  const length = random(4) === 0 ? random(60) : random(4);
  const put = random(3) === 0
    ? Uint8Array.of(random(256))
    : bytes(WORDS[random(WORDS.length)] ?? "");
  switch (random(4)) {
    case 0: // Replaced.
      return joined(given.subarray(0, at), put, given.subarray(at + length));
    case 1: // Inserted.
      return joined(given.subarray(0, at), put, given.subarray(at));
    case 2: // Repeated.
      return joined(given.subarray(0, at + length), given.subarray(at));
    default: // Removed.
      return joined(given.subarray(0, at), given.subarray(at + length));
  }
}

function joined(...parts: readonly Bytes[]): Bytes {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
