import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  CodexCancelledError,
  CodexEnvironmentError,
  CodexInputError,
} from "../../mod.ts";
import {
  CodexThreadBundleError,
  CodexThreadBusyError,
  CodexThreadDivergedError,
  CodexThreadExistsError,
  CodexThreadNotFoundError,
  exportThread,
  importThread,
  type ImportThreadOptions,
} from "../../threads.ts";
import { withinMinute } from "../../src/testing/waiting.ts";
import {
  forkFiles,
  IDS,
  makeBundle,
  makeFork,
  messageLine,
  OTHER_ID,
  plainFile,
} from "./bundles.ts";
import {
  namesIn,
  readBytes,
  readRollout,
  rolloutsIn,
  withFolder,
} from "./support.ts";

const ID = IDS[0];

Deno.test("importThread rejects invalid options before it reads the bundle", async () => {
  const rows: [unknown, string][] = [
    [{ codexHome: "relative" }, "codexHome"],
    [{ codexHome: 1 }, "codexHome"],
    [{ codexHome: "/tmp/\0" }, "codexHome"],
    [{ expectId: "last" }, "threadId"],
    [{ onExisting: "merge" }, "onExisting"],
    [{ baseInstructions: true }, "baseInstructions"],
    [{ maxBytes: 0 }, "maxBytes"],
    [{ maxBytes: Infinity }, "maxBytes"],
    [{ onExist: "fail" }, "onExist"],
    ["/tmp", "options"],
  ];
  for (const [options, path] of rows) {
    const bundle = new ReadableStream<Uint8Array>({
      pull(): void {
        throw new Error("It was read");
      },
    }, { highWaterMark: 0 });
    const error = await assertRejects(
      () => importThread(bundle, options as ImportThreadOptions),
      CodexInputError,
    );
    assertEquals(error.path, path);
  }
});

Deno.test("importThread rejects a value that is not a bundle", async () => {
  const locked = new ReadableStream<Uint8Array>();
  locked.getReader();
  const texts = new ReadableStream({
    start: (controller) => controller.enqueue("text"),
  });
  for (const bundle of ["text", null, [1], {}, locked, texts]) {
    const error = await assertRejects(
      () => importThread(bundle as Uint8Array, { codexHome: "/tmp" }),
      CodexInputError,
    );
    assertEquals(error.path, "bundle");
  }
});

Deno.test("importThread throws the error of the stream", async () => {
  await withFolder(async (codexHome) => {
    const broken = new Error("The network is gone");
    const bundle = await makeBundle([plainFile()]);
    const failing = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bundle.slice(0, 50)),
      pull: (controller) => controller.error(broken),
    }, { highWaterMark: 0 });
    const error = await assertRejects(() =>
      importThread(failing, { codexHome })
    );
    assert(error === broken);
    assertEquals(namesIn(codexHome), []);
  });
});

Deno.test("onExisting determines what happens to an existing thread", async () => {
  const short = await makeBundle([plainFile()]);
  const long = await makeBundle([plainFile(ID, messageLine("More"))]);
  const other = await makeBundle([plainFile(ID, messageLine("Else"))]);
  const rows: [
    there: Uint8Array,
    given: Uint8Array,
    rule: ImportThreadOptions["onExisting"],
    outcome: Uint8Array | typeof CodexThreadExistsError,
  ][] = [
    [short, short, "extend", short],
    [short, long, "extend", long],
    [long, short, "extend", long],
    [long, other, "extend", CodexThreadDivergedError],
    [short, long, "replace", long],
    [long, short, "replace", short],
    [long, other, "replace", other],
    [short, short, "fail", CodexThreadExistsError],
    [short, long, "fail", CodexThreadExistsError],
    [long, other, undefined, CodexThreadDivergedError],
  ];
  for (const [there, given, onExisting, outcome] of rows) {
    await withFolder(async (codexHome) => {
      await importThread(there, { codexHome });
      const path = readRollout(codexHome, ID);
      const before = await Deno.readFile(path);
      const importing = importThread(given, { codexHome, onExisting });
      if (outcome instanceof Uint8Array) {
        await importing;
        await withFolder(async (fresh) => {
          await importThread(outcome, { codexHome: fresh });
          const expected = await Deno.readFile(readRollout(fresh, ID));
          assertEquals(await Deno.readFile(path), expected);
        });
      } else {
        const error = await assertRejects(() => importing, outcome);
        assertEquals(error.threadId, ID);
        assertEquals(error.constructor, outcome);
        assertEquals(await Deno.readFile(path), before);
      }
      assertEquals(rolloutsIn(codexHome), [path]);
      // No other file is left.
      const folder = path.slice(0, path.lastIndexOf("/"));
      assertEquals(namesIn(folder).length, 1);
    });
  }
});

Deno.test("an ancestor that has grown since the fork is not changed", async () => {
  await withFolder(async (codexHome) => {
    const root = plainFile(IDS[1]);
    const grown = plainFile(IDS[1], messageLine("Later"));
    await importThread(await makeBundle([grown], { id: IDS[1] }), {
      codexHome,
    });
    const fork = await makeBundle([makeFork(ID, root), root]);
    await importThread(fork, { codexHome, onExisting: "fail" });
    assertEquals(
      await Deno.readTextFile(readRollout(codexHome, IDS[1])),
      grown.text,
    );

    const other = plainFile(IDS[1], messageLine("Else"));
    const diverged = await makeBundle([makeFork(OTHER_ID, other), other], {
      id: OTHER_ID,
    });
    const error = await assertRejects(
      () => importThread(diverged, { codexHome }),
      CodexThreadDivergedError,
    );
    assertEquals(error.threadId, IDS[1]);
    assertEquals(rolloutsIn(codexHome).length, 2);
  });
});

Deno.test("forks of one thread can be imported into one home at the same time", async () => {
  await withFolder(async (codexHome) => {
    const [, parent, root] = forkFiles();
    const ids = Array.from(
      { length: 10 },
      (_, at) => `01a217b9-7527-7af1-997d-${String(at).padStart(12, "0")}`,
    );
    await Promise.all(ids.map(async (id) =>
      await importThread(
        await makeBundle([makeFork(id, parent), parent, root], { id }),
        { codexHome },
      )
    ));
    assertEquals(rolloutsIn(codexHome).length, 12);
  });
});

Deno.test("links out of the home are not followed", async () => {
  for (const part of ["sessions", "sessions/2026", "sessions/2026/11/26"]) {
    await withFolder(async (folder) => {
      const codexHome = `${folder}/home`;
      const outside = `${folder}/outside`;
      await Deno.mkdir(outside);
      const path = `${codexHome}/${part}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), {
        recursive: true,
      });
      await Deno.symlink(outside, path);
      const bundle = await makeBundle([plainFile()]);
      const error = await assertRejects(
        () => importThread(bundle, { codexHome }),
        CodexEnvironmentError,
        "is a link",
      );
      assertEquals(error.path, path);
      assertEquals(namesIn(outside), []);
    });
  }
});

Deno.test("a rollout that is a link, or of which there are two, is neither read nor overwritten", async () => {
  await withFolder(async (codexHome) => {
    const bundle = await makeBundle([plainFile()]);
    await importThread(bundle, { codexHome });
    const path = readRollout(codexHome, ID);
    const secret = `${codexHome}/auth.json`;
    await Deno.rename(path, secret);
    await Deno.symlink(secret, path);
    const options = { codexHome, onExisting: "replace" } as const;
    for (
      const attempt of [
        () => exportThread(ID, { codexHome }),
        () => importThread(bundle, options),
      ]
    ) {
      await assertRejects(
        attempt,
        CodexEnvironmentError,
        "is not a regular file",
      );
    }
    await Deno.remove(path);
    await Deno.copyFile(secret, path);
    await Deno.copyFile(path, path.replace("T11", "T12"));
    for (
      const attempt of [
        () => exportThread(ID, { codexHome }),
        () => importThread(bundle, options),
      ]
    ) await assertRejects(attempt, CodexEnvironmentError, "remove one of them");
  });
});

// facts F68
Deno.test("a held lock is respected, a stale lock of a killed CLI is not", async () => {
  await withFolder(async (codexHome) => {
    const bundle = await makeBundle([plainFile()]);
    const folder = `${codexHome}/thread-writer-locks`;
    await Deno.mkdir(folder);
    const path = `${folder}/${ID}.lock`;
    const held = await Deno.open(path, { create: true, write: true });
    await held.lock(true);
    const error = await assertRejects(
      () => importThread(bundle, { codexHome }),
      CodexThreadBusyError,
    );
    assertEquals(error.requestedThreadId, ID);
    assertEquals(error.code, "thread_busy");
    assertEquals(
      namesIn(codexHome),
      ["thread-writer-locks"],
    );
    // Closing alone would leave it locked while another test starts a process.
    await held.unlock();
    held.close();
    await importThread(bundle, { codexHome });
    assertEquals(
      namesIn(folder),
      [".coordination.lock"],
    );
  });
});

Deno.test("exportThread rejects an invalid id and a missing thread", async () => {
  await withFolder(async (codexHome) => {
    for (const id of ["", "last", "--last", "../x", 1, null]) {
      const error = await assertRejects(
        () => exportThread(id as string, { codexHome }),
        CodexInputError,
      );
      assertEquals(error.path, "threadId");
    }
    const error = await assertRejects(
      () => exportThread(ID, { codexHome }),
      CodexThreadNotFoundError,
    );
    assertEquals(error.requestedThreadId, ID);
    await assertRejects(
      () => exportThread(ID, { codexHome: `${codexHome}/missing` }),
      CodexEnvironmentError,
      "there is no folder",
    );
  });
});

Deno.test("exportThread finds a thread by an id in any case, archived, or in another folder", async () => {
  await withFolder(async (codexHome) => {
    await importThread(await makeBundle([plainFile()]), { codexHome });
    const bundle = await readBytes(
      await exportThread(ID.toUpperCase(), { codexHome }),
    );
    const path = readRollout(codexHome, ID);
    const name = path.slice(path.lastIndexOf("/") + 1);
    for (const folder of ["sessions", "sessions/x/y/z", "archived_sessions"]) {
      await Deno.mkdir(`${codexHome}/${folder}`, { recursive: true });
      const other = `${codexHome}/${folder}/${name}`;
      await Deno.rename(path, other);
      const again = await exportThread(ID, { codexHome });
      assertEquals(await readBytes(again), bundle);
      // The thread exists: nothing is written next to it.
      await importThread(bundle, { codexHome });
      await Deno.rename(other, path);
    }
  });
});

Deno.test("exportThread can be cancelled before and while the bundle is read", async () => {
  await withFolder(async (codexHome) => {
    await importThread(await makeBundle([plainFile()]), { codexHome });
    const reason = new Error("Enough");
    const before = await assertRejects(
      () => exportThread(ID, { codexHome, signal: AbortSignal.abort(reason) }),
      CodexCancelledError,
    );
    assertEquals(before.cause, reason);
    const stop = new AbortController();
    const bundle = await exportThread(ID, { codexHome, signal: stop.signal });
    stop.abort(reason);
    const error = await assertRejects(() => readBytes(bundle));
    assertInstanceOf(error, CodexCancelledError);
    const left = await exportThread(ID, { codexHome });
    await left.cancel();
  });
});

Deno.test("Deno needs only read and write permission for the home", async () => {
  await withFolder(async (folder) => {
    const [home, elsewhere] = [`${folder}/home`, `${folder}/elsewhere`];
    await importThread(await makeBundle(forkFiles()), { codexHome: home });
    const run = async (...flags: string[]): Promise<string> => {
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--no-prompt", "--no-check", "--quiet", ...flags],
          `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
          new URL("moving_program.ts", import.meta.url).pathname,
          ...[ID, home, elsewhere],
        ],
        env: { NO_COLOR: "1" },
      }).output();
      const text = new TextDecoder();
      return text.decode(stdout) + text.decode(stderr);
    };
    const read = `--allow-read=${home},${elsewhere}`;
    assertStringIncludes(await run(), "CodexPermissionError --allow-read=");
    assertStringIncludes(
      await run(read),
      `CodexPermissionError --allow-write=${elsewhere}`,
    );
    assertEquals(
      await run(read, `--allow-write=${elsewhere}`),
      `moved ${ID}\n`,
    );
    assertEquals(rolloutsIn(elsewhere).length, 3);
  });
});

Deno.test("codexHome defaults to CODEX_HOME", async () => {
  await withFolder(async (folder) => {
    const before = Deno.env.get("CODEX_HOME");
    Deno.env.set("CODEX_HOME", folder);
    try {
      await importThread(await makeBundle([plainFile()]));
      await readBytes(await exportThread(ID));
      assertEquals(rolloutsIn(folder).length, 1);
    } finally {
      if (before === undefined) Deno.env.delete("CODEX_HOME");
      else Deno.env.set("CODEX_HOME", before);
    }
  });
});

// facts R39
Deno.test("an invalid stream that never ends is abandoned at once", async () => {
  const bundle = await makeBundle([plainFile()], { format: "tar" });
  for (const chunk of [new Uint8Array(100), bundle, bundle.slice(0, 20)]) {
    await withFolder(async (codexHome) => {
      let isCancelled = false;
      const stream = new ReadableStream<Uint8Array>({
        start(controller): void {
          controller.enqueue(chunk);
          // The last chunk may be valid; only its length is too large.
          controller.enqueue(new Uint8Array(1000));
        },
        cancel(): Promise<void> {
          isCancelled = true;
          return new Promise(() => {});
        },
      });
      await withinMinute(
        "the refusal",
        assertRejects(
          () => importThread(stream, { codexHome, maxBytes: 1000 }),
          CodexThreadBundleError,
        ),
      );
      assert(isCancelled);
    });
  }
});
