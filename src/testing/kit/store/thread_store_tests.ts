import { CodexThreadConflictError } from "../../../errors/thread_errors.ts";
import type {
  StoredThread,
  ThreadStore,
} from "../../../threads/store/thread_store.ts";

/** A test of a `ThreadStore`, for any test runner. */
export interface ThreadStoreTest {
  /** The behaviour that it tests. */
  readonly name: string;
  /** Runs the test; rejects with an `Error` that says what the store did instead. */
  run(): Promise<void>;
}

/** The number of concurrent saves of one version. */
const RIVALS = 20;

/** The size of a bundle that exceeds the default limits of rows and messages, in bytes. */
const LARGE_BYTES = 2 * 1024 ** 2;

/**
 * Lists the tests that an implementation of `ThreadStore` has to pass. They use threads
 * with random ids, and do not remove what they store.
 *
 * @example Test a store under node:test
 * ```ts
 * import test from "node:test";
 * import { FolderThreadStore } from "@acodex/sdk/threads";
 * import { threadStoreTests } from "@acodex/sdk/testing";
 *
 * for (const { name, run } of threadStoreTests(() => new FolderThreadStore("/tmp/threads"))) {
 *   test(name, run);
 * }
 * ```
 *
 * @param open Opens the store, on the same data each time; a second store stands for
 * another machine. A store in memory may return the same object.
 */
export function threadStoreTests(
  open: () => ThreadStore | Promise<ThreadStore>,
): readonly ThreadStoreTest[] {
  return Object.entries(TESTS).map(([name, test]) => ({
    name,
    run: async () => await test(await open(), await open()),
  }));
}

/** A test on two stores with the same data. */
type StoreTest = (store: ThreadStore, other: ThreadStore) => Promise<void>;

const TESTS: { readonly [name: string]: StoreTest } = {
  async "load() returns null for a thread that is not stored"(store) {
    check(await store.load(newId()) === null, "load() returned something else");
  },
  async "load() returns what save() stored, every byte, with the version that save() returned"(
    store,
    other,
  ) {
    const id = newId();
    const bundle = Uint8Array.from({ length: 1024 }, (_, at) => at % 256);
    const version = await store.save(id, bundle, null);
    for (const each of [store, other]) {
      checkStored(await each.load(id), bundle, version);
    }
  },
  async "save() stores a bundle of 2 MiB, and one of no bytes"(store) {
    const id = newId();
    const large = new Uint8Array(LARGE_BYTES).map((_, at) => at * 7 % 251);
    const version = await store.save(id, large, null);
    checkStored(await store.load(id), large, version);
    const empty = new Uint8Array(0);
    const next = await store.save(id, empty, version);
    checkStored(await store.load(id), empty, next);
  },
  async "versions are strings of at most 200 characters, and each save makes a new one"(
    store,
  ) {
    const id = newId();
    const versions = new Set<string>();
    let version: string | null = null;
    // The same bytes each time: a version is not a hash of them.
    for (let save = 0; save < 5; save++) {
      version = await store.save(id, bytes("same"), version);
      check(
        typeof version === "string" && version.length > 0 &&
          version.length <= 200,
        "a version was not such a string",
      );
      versions.add(version);
    }
    check(versions.size === 5, "a version was returned twice");
  },
  async "save() of a version that was replaced is rejected, and changes nothing"(
    store,
    other,
  ) {
    const id = newId();
    const first = await store.save(id, bytes("first"), null);
    const second = await other.save(id, bytes("second"), first);
    await refused(store.save(id, bytes("late"), first), id, first);
    checkStored(await other.load(id), bytes("second"), second);
  },
  async "a worker that was frozen for many saves overwrites nothing when it wakes"(
    store,
    other,
  ) {
    const id = newId();
    const frozen = await store.save(id, bytes("0"), null);
    let version = frozen;
    for (let save = 1; save <= 10; save++) {
      version = await other.save(id, bytes(String(save)), version);
    }
    await refused(store.save(id, bytes("woken"), frozen), id, frozen);
    checkStored(await store.load(id), bytes("10"), version);
    checkStored(await other.load(id), bytes("10"), version);
    await other.save(id, bytes("11"), version);
  },
  async "save() of a new thread is rejected if it is stored already"(
    store,
    other,
  ) {
    const id = newId();
    const version = await store.save(id, bytes("first"), null);
    await refused(other.save(id, bytes("second"), null), id, null);
    checkStored(await store.load(id), bytes("first"), version);
  },
  async "save() of a version is rejected if the thread is not stored"(store) {
    const version = await store.save(newId(), bytes("another"), null);
    const id = newId();
    await refused(store.save(id, bytes("first"), version), id, version);
    check(await store.load(id) === null, "something was stored anyway");
  },
  async "of many that save a new thread at once, one succeeds"(store, other) {
    await rival(newId(), null, store, other);
  },
  async "of many that replace one version at once, one succeeds"(store, other) {
    const id = newId();
    const version = await store.save(id, bytes("first"), null);
    await rival(id, version, store, other);
  },
  async "ids are compared without regard to case"(store, other) {
    const id = newId();
    const version = await store.save(id.toUpperCase(), bytes("one"), null);
    checkStored(await other.load(id), bytes("one"), version);
    await refused(other.save(id, bytes("two"), null), id, null);
  },
  async "threads do not affect each other"(store) {
    const ids = [newId(), newId()];
    const versions = await Promise.all(
      ids.map((id) => store.save(id, bytes(id), null)),
    );
    for (const [index, id] of ids.entries()) {
      checkStored(await store.load(id), bytes(id), versions[index]);
    }
  },
  async "a bundle is copied when it is saved and when it is loaded"(store) {
    const id = newId();
    const bundle = bytes("first");
    const saved = store.save(id, bundle, null);
    bundle.fill(0);
    const version = await saved;
    const stored = await store.load(id);
    stored?.bundle.fill(0);
    checkStored(await store.load(id), bytes("first"), version);
  },
};

/** Saves a thread many times concurrently; checks that one succeeds and is stored. */
async function rival(
  id: string,
  expected: string | null,
  ...stores: readonly [ThreadStore, ThreadStore]
): Promise<void> {
  const saves = await Promise.allSettled(
    Array.from(
      { length: RIVALS },
      (_, at) =>
        (stores[at % 2] ?? stores[0]).save(id, bytes(`${at}`), expected),
    ),
  );
  const winners: { bundle: Uint8Array; version: string }[] = [];
  for (const [at, save] of saves.entries()) {
    if (save.status === "fulfilled") {
      winners.push({ bundle: bytes(`${at}`), version: save.value });
    } else checkConflict(save.reason, id, expected);
  }
  check(winners.length === 1, `${winners.length} of ${RIVALS} succeeded`);
  for (const { bundle, version } of winners) {
    checkStored(await stores[0].load(id), bundle, version);
  }
}

async function refused(
  save: Promise<string>,
  id: string,
  expected: string | null,
): Promise<void> {
  let version;
  try {
    version = await save;
  } catch (error) {
    return checkConflict(error, id, expected);
  }
  throw new Error(`save() stored version ${version}, and must not have`);
}

function checkConflict(
  error: unknown,
  id: string,
  expected: string | null,
): void {
  if (!(error instanceof CodexThreadConflictError)) {
    throw new Error(
      "save() failed with something other than a CodexThreadConflictError",
      { cause: error },
    );
  }
  check(
    error.threadId.toLowerCase() === id.toLowerCase() &&
      error.expectedVersion === expected,
    "the error names another thread, or another version",
  );
}

function checkStored(
  stored: StoredThread | null,
  bundle: Uint8Array,
  version: string | undefined,
): void {
  if (stored === null) throw new Error("load() found nothing");
  check(
    stored.bundle instanceof Uint8Array &&
      stored.bundle.length === bundle.length &&
      bundle.every((byte, at) => byte === stored.bundle[at]),
    "load() returned another bundle than the one that was saved",
  );
  check(
    stored.version === version,
    `load() returned version ${stored.version}, but save() had returned ${version}`,
  );
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) {
    throw new Error(`This is not how a ThreadStore behaves: ${otherwise}`);
  }
}

function newId(): string {
  return crypto.randomUUID();
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
